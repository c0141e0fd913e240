//! The part of a page that is written by measuring.

pub const BEGIN: &str = "<!-- bench server -->";
pub const END: &str = "<!-- end of bench server -->";

/// The page with something else between the markers; `None` if it has none.
pub fn replace(page: &str, measured: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{measured}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_marked_is_replaced() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        assert_eq!(replace(&page, "new\n"), Some(format!("before\n{BEGIN}\nnew\n{END}\nafter\n")));
        assert_eq!(replace("a page without markers", "new"), None);
    }
}
