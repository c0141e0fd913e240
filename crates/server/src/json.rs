//! How deep JSON may be nested, in bodies and in frames alike. What the contract knows is four levels
//! deep; what is deeper than this is refused before anything is built of it.

/// Levels of objects and lists inside each other.
pub const MAX_DEPTH: usize = 32;

/// Whether a text is nested deeper than [`MAX_DEPTH`]. Of what is not JSON it says either; the parser will
/// refuse that.
pub fn is_too_deep(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        let mut text = "1".to_owned();
        for level in 0..depth {
            text = if level % 2 == 0 { format!("[{text}]") } else { format!(r#"{{"a":{text}}}"#) };
        }
        text
    }

    #[test]
    fn the_deepest_that_is_allowed_is_and_one_more_is_not() {
        assert!(!is_too_deep(nested(MAX_DEPTH).as_bytes()));
        assert!(is_too_deep(nested(MAX_DEPTH + 1).as_bytes()));
    }

    #[test]
    fn what_lies_side_by_side_or_in_a_string_is_not_deep() {
        let wide = format!("[{}[]]", "[],".repeat(100));
        let text = format!(r#"{{"notes":"{} \" {}"}}"#, "[".repeat(100), "{".repeat(100));
        for shallow in [wide, text] {
            assert!(serde_json::from_str::<serde_json::Value>(&shallow).is_ok(), "the control: {shallow}");
            assert!(!is_too_deep(shallow.as_bytes()), "{shallow}");
        }
    }

    #[test]
    fn an_escaped_quote_does_not_hide_what_comes_after_the_string() {
        let text = format!(r#"["\\",{}]"#, nested(MAX_DEPTH));
        assert!(is_too_deep(text.as_bytes()));
    }
}
