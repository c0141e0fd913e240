//! Formula injection: a spreadsheet runs a cell that begins like a formula, whoever wrote it (OWASP, CSV
//! Injection). Such a text gets an apostrophe before it, which spreadsheets take for "this is a text"
//! and our own import takes off again.
//!
//! A cell does not only begin where ours does. Where lists are separated by semicolons (Spain, Germany, …) a
//! spreadsheet cuts `Hola;=cmd` in two, whether it stands in quotes or not, and so it does at tabs and line breaks.
//! What looks like a formula behind such a separator gets its apostrophe as well.

use std::borrow::Cow;

const MARK: char = '\'';

/// Whether a cell that begins like this needs the mark. One that begins with the mark itself does too, or it would
/// be lost on the way back.
fn needs_mark(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | MARK | '＝' | '＋' | '－' | '＠')
}

/// Whether a cell can begin behind this letter, given whether one could behind the letter before it. Spaces and quotes
/// at the beginning of a cell are passed over.
fn begins_cell(began: bool, letter: char) -> bool {
    matches!(letter, ';' | '\t' | '\r' | '\n') || began && (letter == '"' || letter.is_whitespace())
}

/// The text with a mark before whatever a spreadsheet could take for a formula.
pub fn escape(text: &str) -> String {
    let mut escape = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for letter in text.chars() {
        if begins && needs_mark(letter) {
            escape.push(MARK);
        }
        escape.push(letter);
        begins = begins_cell(begins, letter);
    }
    escape
}

/// The text without the marks that [`escape`] set.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains(MARK) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut begins = true;
    let mut letters = text.chars().peekable();
    while let Some(mut letter) = letters.next() {
        if begins
            && letter == MARK
            && let Some(marked) = letters.next_if(|next| needs_mark(*next))
        {
            letter = marked;
        }
        plain.push(letter);
        begins = begins_cell(begins, letter);
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_marked() {
        assert_eq!(escape("=1+1"), "'=1+1");
        assert_eq!(escape("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(escape("Avena"), "Avena");
        assert_eq!(unescape("'n Roll"), "'n Roll", "an apostrophe that somebody has typed");
    }

    #[test]
    fn a_formula_behind_a_separator_is_marked() {
        assert_eq!(escape("Hola;=cmd|' /C calc'!A0"), "Hola;'=cmd|' /C calc'!A0");
        assert_eq!(escape("Hola\t@SUM(A1)"), "Hola\t'@SUM(A1)");
        assert_eq!(escape("Hola\r=1"), "Hola\r'=1");
        assert_eq!(escape("Hola\n+34"), "Hola\n'+34");
        assert_eq!(escape("Hola; \"=1"), "Hola; \"'=1");
        assert_eq!(escape("1-2; 3 - 4"), "1-2; 3 - 4", "these are in the middle of a cell");
    }

    /// Whether a spreadsheet that separates by one of these finds a formula in a text.
    fn has_formula(text: &str) -> bool {
        let cells = text.split([';', '\t', '\r', '\n']);
        cells
            .map(|cell| cell.trim_start_matches([' ', '"']))
            .any(|cell| cell.starts_with(['=', '+', '-', '@']))
    }

    proptest! {
        #[test]
        fn the_mark_comes_off_again(text in "[=+@';\t\r\n\"a -]{0,12}.{0,5}") {
            let marked = escape(&text);
            prop_assert_eq!(unescape(&marked), &*text);
            prop_assert!(!has_formula(&marked), "{:?}", marked);
        }
    }
}
