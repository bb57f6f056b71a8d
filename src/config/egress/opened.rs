//! The way out as a configuration has it.

use super::{Egress as Settings, Via};
use crate::config::secret::Source;
use crate::config::{Config, Problem};
use crate::egress::{Destinations, Door, Egress, Trust, Way};

impl Egress {
    /// The way out that `config` names, to the destinations that it names.
    ///
    /// # Errors
    /// The authorities are not to be had, or there is no resolver to go directly.
    pub fn open(config: &Config) -> Result<Self, Problem> {
        let trust = trust(&config.egress)?;
        let way = match config.egress.via {
            Via::Socket => Way::Socket(config.egress.socket.clone()),
            Via::Direct => Way::Direct(Door::of_config(config)?),
        };
        Ok(Self::new(way, trust))
    }
}

impl Door {
    /// The door to the destinations that `config` names.
    ///
    /// # Errors
    /// This machine's resolver or proxy cannot be understood.
    pub fn of_config(config: &Config) -> Result<Self, Problem> {
        Self::open(Destinations::new(config.destinations(), &config.egress.private)).map_err(|error| Problem {
            place: "this machine".into(),
            key: String::new(),
            problem: format!("others cannot be asked: {error}"),
            remedy: "mend /etc/resolv.conf, or the variable (systemctl edit idv-egress)".into(),
        })
    }
}

/// Whom `settings` trust.
///
/// # Errors
/// Where the authorities are, what is wrong with them, and what to do.
pub fn trust(settings: &Settings) -> Result<Trust, Problem> {
    const KEY: &str = "egress.authorities";
    let problem = |place: String, problem: String, remedy: &str| Problem {
        place,
        key: KEY.into(),
        problem,
        remedy: remedy.into(),
    };
    let Some(source) = &settings.authorities else {
        return Trust::of_system().map_err(|error| {
            let remedy = "install ca-certificates, or name a file of authorities";
            problem("this machine".into(), error.to_string(), remedy)
        });
    };
    let of = |source: &Source| source.to_string();
    let pem = source.read_public().map_err(|error| problem(of(source), error.to_string(), &error.remedy()))?;
    let remedy = "name a file with the certificates of authorities, each between BEGIN CERTIFICATE and END CERTIFICATE";
    Trust::of_pem(&pem).map_err(|error| problem(of(source), error.to_string(), remedy))
}
