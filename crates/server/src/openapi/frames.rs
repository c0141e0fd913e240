//! The socket's frames and close codes. `OpenAPI` has no words for them, so the document says them in an
//! extension of its own, `x-socket`, with the same shapes.

use serde_json::Value;

use super::{
    html::{code, inline, prose, table},
    schema::kind,
};

pub fn render(socket: &Value) -> String {
    format!(
        "<section id=\"frames\"><h2>Frames</h2>\n{}{}{}{}</section>\n",
        prose(socket["description"].as_str().unwrap_or_default()),
        frames("From a client", &socket["client"]),
        frames("From the server", &socket["server"]),
        closes(&socket["closes"]),
    )
}

fn frames(caption: &str, frames: &Value) -> String {
    let rows = frames.as_array().into_iter().flatten().map(|frame| {
        let numbered = if frame["numbered"] == true { " Numbered." } else { "" };
        let meaning = inline(frame["description"].as_str().unwrap_or_default());
        [
            code(frame["type"].as_str().unwrap_or_default()),
            format!("{meaning}{numbered}"),
            kind(&frame["data"]),
        ]
    });
    table(caption, ["Type", "Meaning", "Data"], rows)
}

fn closes(closes: &Value) -> String {
    let rows = closes.as_array().into_iter().flatten().map(|close| {
        [code(&close["code"].to_string()), inline(close["meaning"].as_str().unwrap_or_default())]
    });
    table("How it is closed", ["Code", "Why, and what to do"], rows)
}
