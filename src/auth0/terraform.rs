//! The Action as a Terraform module for the provider `auth0/auth0`.

use super::{ACTION, EXPIRES_IN, File, NAME, PROFILE, RUNTIME, TRIGGER, TRIGGER_VERSION};

/// What ends the code. No line of the Action is it.
const END: &str = "END_OF_ACTION";

/// The module for the tenant at `domain`, whose people are verified at `idv_domain`: one file, code and all.
#[must_use]
pub fn package(domain: &str, idv_domain: &str) -> Vec<File> {
    let code = literal(ACTION);
    let text = format!(
        r#"# Identity verification with idv for the tenant {domain}. A module of its own: keep this file in a directory and use it by
#
#   module "idv" {{
#     source       = "./idv"
#     token_secret = var.token_secret
#   }}
#
# Terraform keeps the secret in its state, as it does all values: protect the state.

terraform {{
  required_providers {{
    auth0 = {{
      source  = "auth0/auth0"
      version = ">= 1.11"
    }}
  }}
}}

variable "token_secret" {{
  description = "The secret shared with idv, character for character; at least 32 bytes."
  type        = string
  sensitive   = true
}}

variable "idv_expires_in" {{
  description = "Seconds for which a successful check counts; 0 is for ever."
  type        = number
  default     = {EXPIRES_IN}
}}

resource "auth0_action" "identity_verification" {{
  name    = "{NAME}"
  runtime = "{RUNTIME}"
  deploy  = true

  supported_triggers {{
    id      = "{TRIGGER}"
    version = "{TRIGGER_VERSION}"
  }}

  secrets {{
    name  = "TOKEN_SECRET"
    value = var.token_secret
  }}

  secrets {{
    name  = "IDV_DOMAIN"
    value = "{idv_domain}"
  }}

  secrets {{
    name  = "IDV_EXPIRES_IN"
    value = tostring(var.idv_expires_in)
  }}

  # Names of the account that idv compares with what a provider says of the person, sealed.
  # secrets {{
  #   name  = "IDV_PROFILE"
  #   value = "{PROFILE}"
  # }}

  code = <<{END}
{code}{END}
}}

# Appends the Action to the post-login flow. Where auth0_trigger_actions manages the whole flow, use that in place of this
# and add to its list, in the order in which the Actions are to run:
#
#   actions {{
#     id           = auth0_action.identity_verification.id
#     display_name = auth0_action.identity_verification.name
#   }}
resource "auth0_trigger_action" "identity_verification" {{
  trigger   = "{TRIGGER}"
  action_id = auth0_action.identity_verification.id
}}

# An application that admits nobody without a valid check has this in its metadata:
#
#   resource "auth0_client" "your_application" {{
#     client_metadata = {{
#       IDV_REQUIRED = "true"
#     }}
#   }}
"#
    );
    vec![File { path: "idv.tf".into(), text }]
}

/// `text` as a heredoc has it, where `${` and `%{` would begin a template.
fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_ends_where_it_should() {
        assert!(ACTION.ends_with('\n') && ACTION.lines().all(|line| line.trim() != END));
    }

    #[test]
    fn no_template_begins_in_the_code() {
        assert_eq!(literal("`${a}` %{b} $c {d}"), "`$${a}` %%{b} $c {d}");
    }
}
