//! Text as HTML. Everything that reaches the page goes through here.

/// The text, with nothing in it that HTML would take for its own.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// One line of prose, in which backticks mark code.
pub fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(number, part)| if number % 2 == 1 { code(part) } else { escape(part) }).collect()
}

/// Prose in paragraphs, which empty lines divide.
pub fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| ["<p>", &inline(paragraph), "</p>\n"].concat()).collect()
}

pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// A table of finished cells; nothing when it would be empty.
pub fn table<const COLUMNS: usize>(
    caption: &str,
    head: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let row = |cells: [String; COLUMNS]| ["<tr><td>", &cells.join("</td><td>"), "</td></tr>\n"].concat();
    let rows: String = rows.into_iter().map(row).collect();
    if rows.is_empty() {
        return rows;
    }
    let head = head.map(|cell| ["<th scope=\"col\">", &escape(cell), "</th>"].concat()).concat();
    format!(
        "<table><caption>{}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n",
        escape(caption)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_becomes_markup() {
        assert_eq!(inline("<b> `a<b>` & \"'"), "&lt;b&gt; <code>a&lt;b&gt;</code> &amp; &quot;&#39;");
    }

    #[test]
    fn a_table_without_rows_is_nothing() {
        assert_eq!(table("Parameters", ["Name"], []), "");
    }
}
