//! What the running service holds that somebody should look at.

use serde::{Deserialize, Serialize};

/// What an operator should see to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// What it is.
    pub text: String,
    /// What to do.
    pub remedy: String,
}
