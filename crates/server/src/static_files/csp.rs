//! The Content-Security-Policy: nothing is allowed but what the dashboard needs. The inline script that
//! starts it and the inline style of its first paint are allowed by their hashes, which are computed
//! from the very page that is served.

use latido_domain::digest::Digest;

use crate::config::Settings;

/// The hashes of what stands inline in the page, as policy sources.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hashes {
    scripts: String,
    styles: String,
}

impl Hashes {
    pub fn of(page: &str) -> Self {
        Self { scripts: sources(page, "script"), styles: sources(page, "style") }
    }
}

pub fn policy(hashes: &Hashes, host: Option<&str>, settings: &Settings) -> String {
    let Hashes { scripts, styles } = hashes;
    let connect = connect_sources(host, settings);
    let upgrade = if settings.behind_tls { "; upgrade-insecure-requests" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
         connect-src 'self'{connect}; img-src 'self' data:; font-src 'self'; \
         manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types default{upgrade}"
    )
}

/// `'self'` covers the own host's sockets in today's browsers, but not in yesterday's.
fn connect_sources(host: Option<&str>, settings: &Settings) -> String {
    let schemes: &[&str] = if settings.behind_tls { &["wss"] } else { &["ws", "wss"] };
    let own =
        host.into_iter().flat_map(|host| schemes.iter().map(move |scheme| format!(" {scheme}://{host}")));
    let configured =
        settings.origins.iter().map(|origin| format!(" {origin} {}", origin.replacen("http", "ws", 1)));
    own.chain(configured).collect()
}

/// The hashes of all `<tag>` elements that have no `src`, each behind a space.
fn sources(page: &str, tag: &str) -> String {
    let mut sources = Vec::new();
    let mut rest = page;
    while let Some(start) = find_tag(rest, tag) {
        let Some((attributes, content)) = split_tag(&rest[start + tag.len() + 1..]) else { break };
        let end = content.find(&format!("</{tag}")).unwrap_or(content.len());
        let has_source = attributes.split_ascii_whitespace().any(|part| part.starts_with("src="));
        if !has_source && end > 0 {
            sources.push(format!(" 'sha256-{}'", Digest::of(&content.as_bytes()[..end]).base64()));
        }
        rest = &content[end..];
    }
    sources.concat()
}

/// Where the next `<tag` begins, passing over comments.
fn find_tag(page: &str, tag: &str) -> Option<usize> {
    let opening = format!("<{tag}");
    let mut from = 0;
    loop {
        let at = from + page[from..].find('<')?;
        if let Some(comment) = page[at..].strip_prefix("<!--") {
            from = at + 4 + comment.find("-->")?;
        } else if page[at..].starts_with(&opening)
            && page[at + opening.len()..].starts_with(|next: char| next == '>' || next.is_ascii_whitespace())
        {
            return Some(at);
        } else {
            from = at + 1;
        }
    }
}

/// The attributes up to the `>` that ends the tag, which is not one inside quotes, and what follows.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some((&text[..at], &text[at + 1..])),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> String {
        format!(" 'sha256-{}'", Digest::of(text.as_bytes()).base64())
    }

    #[test]
    fn inline_scripts_and_styles_are_hashed_to_the_letter() {
        let page = "<html><head><style>\n body { }\n</style>\
            <script type=\"module\" nonce='a>b'>\nimport init from '/x.js';\n</script>\
            <script src=\"/y.js\"></script><scripture>no</scripture>\
            <!-- <script>commented()</script> -->\
            <script>second()</script></head></html>";
        let hashes = Hashes::of(page);
        assert_eq!(hashes.scripts, hash("\nimport init from '/x.js';\n") + &hash("second()"));
        assert_eq!(hashes.styles, hash("\n body { }\n"));
    }

    #[test]
    fn a_known_hash() {
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert_eq!(hash("alert(1)"), " 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
    }

    #[test]
    fn a_page_that_ends_early_does_not_panic() {
        for page in
            ["", "<", "<script", "<script a=\"", "<script>", "<script>x", "<!--", "<script/>é<style>ñ"]
        {
            let _ = Hashes::of(page);
        }
    }
}
