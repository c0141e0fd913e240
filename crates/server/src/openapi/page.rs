//! The page: the same document to read. Plain HTML without a script, so that it works under the policy
//! that everything here is served with, in any browser and without one.

use serde_json::{Map, Value};

use super::{
    frames,
    html::{escape, prose},
    operation::{self, METHODS},
    schema,
};

pub fn render(document: &Value) -> String {
    let tags: Vec<_> = document["tags"].as_array().into_iter().flatten().map(Tag::of).collect();
    let sections: String = tags.iter().map(|tag| section(document, tag)).collect();
    let nothing = Map::new();
    let schemas = document["components"]["schemas"].as_object().unwrap_or(&nothing);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} API</title><link rel=\"stylesheet\" href=\"docs.css\"></head>\n<body>\n\
         <header><h1>{title} API</h1>\n{about}\
         <p>The same for machines: <a href=\"openapi.json\">openapi.json</a>.</p></header>\n\
         <nav aria-label=\"Sections\"><ul>{links}<li><a href=\"#frames\">Frames</a></li>\
         <li><a href=\"#errors\">Errors</a></li><li><a href=\"#shapes\">Shapes</a></li></ul></nav>\n\
         <main>\n{sections}{frames}{errors}\
         <section id=\"shapes\"><h2>Shapes</h2>\n{shapes}</section>\n</main></body></html>\n",
        title = escape(document["info"]["title"].as_str().unwrap_or_default()),
        about = prose(document["info"]["description"].as_str().unwrap_or_default()),
        links = tags.iter().map(Tag::link).collect::<String>(),
        frames = frames::render(&document["x-socket"]),
        errors = errors(document),
        shapes = schema::shapes(schemas),
    )
}

struct Tag<'d> {
    name: &'d str,
    about: &'d str,
}

impl<'d> Tag<'d> {
    fn of(tag: &'d Value) -> Self {
        let text = |name: &str| tag[name].as_str().unwrap_or_default();
        Self { name: text("name"), about: text("description") }
    }

    fn anchor(&self) -> String {
        escape(&self.name.to_lowercase().replace(' ', "-"))
    }

    fn link(&self) -> String {
        format!("<li><a href=\"#{}\">{}</a></li>", self.anchor(), escape(self.name))
    }
}

fn section(document: &Value, tag: &Tag) -> String {
    let mut operations = String::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if item[method]["tags"].get(0).is_some_and(|name| name == tag.name) {
                operations.push_str(&operation::render(document, path, item, method));
            }
        }
    }
    format!(
        "<section id=\"{}\"><h2>{}</h2>\n{}{operations}</section>\n",
        tag.anchor(),
        escape(tag.name),
        prose(tag.about)
    )
}

/// What every operation may answer besides its own answers.
fn errors(document: &Value) -> String {
    let everywhere = &document["components"]["responses"]["Problem"]["description"];
    let everywhere = prose(everywhere.as_str().unwrap_or_default());
    format!("<section id=\"errors\"><h2>Errors</h2>\n{everywhere}</section>\n")
}
