//! The machine-readable zone, as ICAO Doc 9303 has it in parts 4 and 5.

use super::STATE;
use super::holder::{EXPIRES, Holder, NUMBER};

/// The two lines of a passport.
pub(super) fn of_passport(holder: &Holder) -> [String; 2] {
    let names = filled(&format!("P<{STATE}{}", names(holder)), 44);
    let (number, birth, expiry) = (checked(&filled(NUMBER, 9)), checked(holder.born), checked(EXPIRES));
    let personal = checked(&filled("", 14));
    let all = check_digit(&format!("{number}{birth}{expiry}{personal}"));
    [names, format!("{number}{STATE}{birth}<{expiry}{personal}{all}")]
}

/// The three lines of a card.
pub(super) fn of_card(holder: &Holder) -> [String; 3] {
    let (number, birth, expiry) = (checked(&filled(NUMBER, 9)), checked(holder.born), checked(EXPIRES));
    let optional = [filled("", 15), filled("", 11)];
    let all = check_digit(&format!("{number}{}{birth}{expiry}{}", optional[0], optional[1]));
    [
        format!("I<{STATE}{number}{}", optional[0]),
        format!("{birth}<{expiry}{STATE}{}{all}", optional[1]),
        filled(&names(holder), 30),
    ]
}

fn names(holder: &Holder) -> String {
    let spelled = |name: &str| -> String {
        let upper = name.to_uppercase().replace('Ä', "AE").replace('Ö', "OE").replace('Ü', "UE");
        upper.chars().map(|letter| if letter.is_ascii_uppercase() { letter } else { '<' }).collect()
    };
    format!("{}<<{}", spelled(&holder.surname), spelled(&holder.given_names))
}

/// `text` with fillers up to `length`, or cut to it.
fn filled(text: &str, length: usize) -> String {
    text.chars().chain(std::iter::repeat('<')).take(length).collect()
}

fn checked(text: &str) -> String {
    format!("{text}{}", check_digit(text))
}

/// Doc 9303 part 3, 4.9: weights 7, 3 and 1, modulo 10.
fn check_digit(text: &str) -> u32 {
    let value = |letter: char| letter.to_digit(36).unwrap_or(0);
    text.chars().zip([7, 3, 1].into_iter().cycle()).map(|(letter, weight)| value(letter) * weight).sum::<u32>() % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_digit_is_that_of_the_standards_example() {
        // Doc 9303 part 4, appendix B: number, birth, expiry, and over all.
        assert_eq!(["L898902C3", "740812", "120415"].map(check_digit), [6, 2, 9]);
        assert_eq!(check_digit("L898902C3674081221204159ZE184226B<<<<<1"), 0);
    }

    #[test]
    fn lines_have_their_lengths_whoever_holds_the_document() {
        for name in ["Ada Lovelace", "Jörg Müller", "N", &"Long Name ".repeat(9)] {
            let holder = Holder::of(1, name);
            assert!(of_passport(&holder).iter().all(|line| line.len() == 44));
            assert!(of_card(&holder).iter().all(|line| line.len() == 30));
        }
        assert!(of_passport(&Holder::of(1, "Jörg Müller"))[0].starts_with("P<UTOMUELLER<<JOERG<"));
    }
}
