//! What a later login brings to have what is decided of a [`case`](super::case).

use serde::{Deserialize, Serialize};

use super::bits::{self, named};

named! {
    /// Names a case to Auth0: 128 random bits.
    #[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Ticket;
}

impl Ticket {
    /// The length of its text in bytes.
    pub const TEXT_LENGTH: usize = bits::TEXT_LENGTH;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_read_in_its_one_spelling_and_stays_out_of_logs() {
        let ticket = Ticket::from_random([0xfe; 16]);
        let text = ticket.to_string();
        assert_eq!((text.len(), Ticket::parse(&text)), (Ticket::TEXT_LENGTH, Some(ticket)));
        assert_eq!(format!("{ticket:?}"), "Ticket(…)");
        for bad in ["", &text[1..], &format!("{text}A"), &format!("{}/", &text[1..]), &format!("{}B", &text[..21])] {
            assert_eq!(Ticket::parse(bad), None, "{bad}");
        }
    }
}
