//! Formula injection: a spreadsheet runs a cell that begins like a formula, whoever wrote it (OWASP, CSV
//! Injection). Such a text gets an apostrophe before it, which spreadsheets take for "this is a text"
//! and our own import takes off again.

/// Whether a text needs the mark. One that begins with the mark itself does too, or it would be lost on
/// the way back.
fn needs_mark(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠'])
}

pub fn guarded(text: &str) -> String {
    if needs_mark(text) { format!("'{text}") } else { text.to_owned() }
}

pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| needs_mark(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_marked() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(guarded("Avena"), "Avena");
        assert_eq!(unguarded("'n Roll"), "'n Roll", "an apostrophe that somebody has typed");
    }

    proptest! {
        #[test]
        fn the_mark_comes_off_again(text in "[=+@'a-]{0,5}.{0,5}") {
            let marked = guarded(&text);
            prop_assert_eq!(unguarded(&marked), &*text);
        }
    }
}
