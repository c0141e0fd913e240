//! Text of a foreign file as a terminal may show it: without escape codes that would move the cursor or rename the
//! window, without marks that turn the direction of writing, and not longer than a line or two.

/// The longest text that is shown of a file, in characters.
const MAX: usize = 400;

/// The text, with a replacement character for each that is not printed, cut at [`MAX`].
pub fn printable(text: &str) -> String {
    let mut shown: String =
        text.chars().take(MAX).map(|c| if is_printed(c) { c } else { '\u{fffd}' }).collect();
    if text.chars().nth(MAX).is_some() {
        shown.push('…');
    }
    shown
}

fn is_printed(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // A line or paragraph separator ends a line in some terminals.
    !letter.is_control() && !turns && !matches!(letter, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_are_not_printed() {
        assert_eq!(printable("a\u{1b}[2Jb\u{9b}c\nd\u{202e}"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(printable("Ensalada «fría» 🥗"), "Ensalada «fría» 🥗");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(printable(&"x".repeat(MAX)).chars().count(), MAX);
        assert_eq!(printable(&"x".repeat(MAX + 1)).chars().count(), MAX + 1);
        assert!(printable(&"x".repeat(MAX + 1)).ends_with('…'));
    }
}
