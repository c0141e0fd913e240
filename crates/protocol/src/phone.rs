//! Telephone numbers. A number is kept as E.164: its digits with the country code, and nothing else.
//!
//! People and providers spell one number in many ways: with spaces, dots, dashes or brackets, with `+`, with `00`
//! or with neither. Two spellings of one number have to be equal, or a contact's messages are not found.

use std::fmt;

use crate::values::Invalid;

/// An E.164 number. `Display` writes it with a leading plus.
///
/// ```
/// use latido_protocol::phone::PhoneNumber;
///
/// let number = PhoneNumber::new("0034 600-123-456").unwrap();
/// assert_eq!(number.to_string(), "+34600123456");
/// assert!(PhoneNumber::new("600 123 456").is_err(), "without its country code");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    digits: String,
}

/// The digits of the shortest and the longest international number.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// A number without `+` or `00` is taken as international from so many digits on. National numbers have ten
/// or fewer, and without its country code a number belongs to another person.
const LEAST_WITHOUT_PREFIX: usize = 11;

impl PhoneNumber {
    /// Parses a number as people write it. Without `+` or `00` it is taken as international from 11 digits on.
    ///
    /// # Errors
    ///
    /// [`Invalid::NotAPhoneNumber`] if it is no international number, or lacks its country code.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        match read(text) {
            Some((digits, has_prefix)) if has_prefix || digits.len() >= LEAST_WITHOUT_PREFIX => {
                Ok(Self { digits })
            }
            _ => Err(Invalid::NotAPhoneNumber),
        }
    }

    /// Parses a number as a provider writes it: always international, often without the plus (`wa_id`).
    ///
    /// # Errors
    ///
    /// [`Invalid::NotAPhoneNumber`] if it is no international number.
    pub fn of_provider(text: &str) -> Result<Self, Invalid> {
        read(text).map(|(digits, _)| Self { digits }).ok_or(Invalid::NotAPhoneNumber)
    }

    /// The 8 to 15 digits, without the plus.
    pub fn digits(&self) -> &str {
        &self.digits
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.digits)
    }
}

/// What stands between the digits: punctuation, and the marks that writing from right to left needs, which are copied
/// along with a number.
fn is_filler(letter: char) -> bool {
    matches!(letter, '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}')
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// The digits, and whether `+` or `00` says that they begin with the country code.
fn read(text: &str) -> Option<(String, bool)> {
    // The zero that is dialled only inside the country.
    let text = text.replace("(0)", "");
    let (mut digits, mut plus) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '+' | '\u{ff0b}' if digits.is_empty() && !plus => plus = true,
            space if space.is_whitespace() || is_filler(space) => {}
            _ => return None,
        }
    }
    let international = if plus { None } else { digits.strip_prefix("00").map(str::to_owned) };
    let has_prefix = plus || international.is_some();
    let digits = international.unwrap_or(digits);
    (DIGITS.contains(&digits.len()) && !digits.starts_with('0')).then_some((digits, has_prefix))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_in_many_spellings_is_equal() {
        for spelling in [
            "+34600123456",
            "34600123456",
            "0034600123456",
            "+34 600 123 456",
            "+34-600-123-456",
            "(+34) 600.123.456",
            "00 34 600 12 34 56",
            " +34\u{a0}600\u{202f}123\u{2011}456 ",
            "\u{202a}+34 600 123 456\u{202c}",
        ] {
            let number = PhoneNumber::new(spelling).unwrap();
            assert_eq!(number.to_string(), "+34600123456", "{spelling}");
            assert_eq!(PhoneNumber::of_provider(spelling), Ok(number));
        }
        assert_eq!(PhoneNumber::new("+44 (0)20 7946 0018").unwrap().digits(), "442079460018");
    }

    #[test]
    fn a_number_without_country_code_is_refused() {
        for text in
            ["600 123 456", "4155550100", "600123456", "+1234567", "+1234567890123456", "+0034600123456"]
        {
            assert_eq!(PhoneNumber::new(text), Err(Invalid::NotAPhoneNumber), "{text}");
        }
    }

    #[test]
    fn a_provider_may_leave_the_plus_out() {
        assert_eq!(PhoneNumber::of_provider("4712345678").unwrap().to_string(), "+4712345678");
    }

    #[test]
    fn text_is_not_a_number() {
        for text in ["", "+", "v-1", "call me", "+34 600 123 45x", "+34 600 123 456 ext 7", "++34600123456"] {
            assert_eq!(PhoneNumber::new(text), Err(Invalid::NotAPhoneNumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn separators_change_nothing(digits in "[1-9][0-9]{7,14}", gaps in prop::collection::vec(0..6_usize, 15)) {
            let spelled: String = digits
                .chars()
                .zip(&gaps)
                .flat_map(|(digit, gap)| [Some(digit), [None, None, Some(' '), Some('-'), Some('.'), Some('/')][*gap]])
                .flatten()
                .collect();
            let expected = format!("+{digits}");
            for spelling in [format!("+{spelled}"), format!("00{spelled}"), format!("00 {spelled}")] {
                prop_assert_eq!(PhoneNumber::new(&spelling).map(|number| number.to_string()), Ok(expected.clone()));
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = PhoneNumber::new(&text);
        }
    }
}
