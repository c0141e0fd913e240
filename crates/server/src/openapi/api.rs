//! The description while it is put together, topic by topic.

use std::collections::BTreeMap;

use latido_protocol::problem::Problem;
use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{
        Info, License, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Schema, Server,
        extensions::ExtensionsBuilder,
        path::{HttpMethod, Paths},
        security::SecurityRequirement,
        tag::{Tag, TagBuilder},
    },
};

use super::{
    components,
    derived::{never_null, reference, schemas_of},
    operation_builder::Described,
};

/// The description so far. What is added belongs to the topic that was begun last.
#[derive(Default)]
pub struct Api {
    tags: Vec<Tag>,
    paths: Paths,
    schemas: BTreeMap<String, RefOr<Schema>>,
    client_frames: Vec<Value>,
    server_frames: Vec<Value>,
    closes: Vec<Value>,
}

impl Api {
    /// Begins a topic.
    pub fn topic(&mut self, name: &str, about: impl Into<String>) {
        self.tags.push(TagBuilder::new().name(name).description(Some(about)).build());
    }

    pub fn get(&mut self, path: &str, described: Described) {
        self.add(HttpMethod::Get, path, described);
    }

    pub fn post(&mut self, path: &str, described: Described) {
        self.add(HttpMethod::Post, path, described);
    }

    pub fn put(&mut self, path: &str, described: Described) {
        self.add(HttpMethod::Put, path, described);
    }

    pub fn patch(&mut self, path: &str, described: Described) {
        self.add(HttpMethod::Patch, path, described);
    }

    pub fn delete(&mut self, path: &str, described: Described) {
        self.add(HttpMethod::Delete, path, described);
    }

    /// Adds what follows from the path and holds for all: `{id}` is the parameter `Id`, an access token may be missing,
    /// and anything may fail.
    fn add(&mut self, method: HttpMethod, path: &str, described: Described) {
        let in_path: Vec<_> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let names: Vec<_> = in_path.iter().map(|name| capitalised(name)).collect();
        let mut described = described.parameters(&names.iter().map(String::as_str).collect::<Vec<_>>());
        if described.operation.security.is_none() {
            described = described.refuses(&[401]);
        }
        let Described { mut operation, schemas } = described;
        operation.tags = self.tags.last().map(|tag| vec![tag.name.clone()]);
        operation.responses.responses.insert("default".to_owned(), Ref::from_response_name("Problem").into());
        self.schemas.extend(schemas);
        self.paths.add_path_operation(path, vec![method], operation);
    }

    /// Adds the schemas of a type in which nothing is `null` that can be left out.
    fn schemas_without_null<T: ToSchema>(&mut self) {
        self.schemas.extend(schemas_of::<T>().into_iter().map(never_null));
    }

    /// Adds a field to a body that an operation takes.
    pub fn takes_also(&mut self, body: &str, field: &str, schema: ObjectBuilder) {
        if let Some(RefOr::T(Schema::Object(object))) = self.schemas.get_mut(body) {
            object.properties.insert(field.to_owned(), schema.into());
        }
    }

    /// A frame from a client, with its data.
    pub fn from_client<T: ToSchema>(&mut self, kind: &str, description: &str) {
        self.schemas_without_null::<T>();
        let data = reference::<T>();
        self.client_frames.push(json!({"type": kind, "description": description, "data": data}));
    }

    /// A frame from the server that is not numbered, with its data.
    pub fn from_server<T: ToSchema>(&mut self, kind: &str, description: &str) {
        self.server_frame::<T>(kind, description, false);
    }

    /// An event: a numbered frame from the server, with its data.
    pub fn event<T: ToSchema>(&mut self, kind: &str, description: &str) {
        self.server_frame::<T>(kind, description, true);
    }

    fn server_frame<T: ToSchema>(&mut self, kind: &str, description: &str, numbered: bool) {
        self.schemas_without_null::<T>();
        let data = reference::<T>();
        self.server_frames
            .push(json!({"type": kind, "description": description, "numbered": numbered, "data": data}));
    }

    /// A code with which the server closes a socket.
    pub fn closes(&mut self, code: u16, meaning: &str) {
        self.closes.push(json!({"code": code, "meaning": meaning}));
    }

    /// The whole document. The frames are in an extension of it, since `OpenAPI` has no words for them.
    pub fn finish(mut self) -> OpenApi {
        self.schemas_without_null::<Problem>();
        let socket = json!({
            "description": FRAMES, "client": self.client_frames, "server": self.server_frames, "closes": self.closes,
        });
        let mut info = Info::new("Latido", "1");
        info.description = Some(ABOUT.to_owned());
        let mut license = License::new("MIT OR Apache-2.0");
        license.identifier = Some("MIT OR Apache-2.0".to_owned());
        info.license = Some(license);
        let mut server = Server::new("/");
        server.description = Some("This server".to_owned());
        let mut components = components::components();
        components.schemas = self.schemas;
        let mut document = OpenApiBuilder::new()
            .info(info)
            .json_schema_dialect(Some("https://json-schema.org/draft/2020-12/schema"))
            .servers(Some([server]))
            .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]))
            .tags(Some(self.tags))
            .paths(self.paths)
            .components(Some(components))
            .build();
        document.extensions = Some(ExtensionsBuilder::new().add("x-socket", socket).build());
        document
    }
}

pub fn capitalised(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

const ABOUT: &str = "The REST API of the Latido server. Everything is JSON in UTF-8. Times are RFC 3339 in UTC with \
milliseconds, ids are opaque texts. Send the access token as `Authorization: Bearer …` with everything but signing in. \
Unknown fields are ignored, in requests and by a client in answers. Failures are `application/problem+json` (RFC 9457). \
A `code` stands for what a sentence says, for programs that have sentences of their own: a code keeps its meaning, and \
new ones may come. A record that you may not read does not exist for you: it is 404.

A `POST` that creates something takes an `Idempotency-Key`: the same request under the same key gets the same answer and \
creates nothing twice. Lists are newest first and come with an `ETag`; with `If-None-Match` an unchanged list is 304 and \
empty.";

const FRAMES: &str = "One JSON object a text message, `{\"type\",\"data\",\"timestamp\"}` both ways. Events are numbered: \
they also have `epoch` and `seq`, which counts without a hole. Keep the number of the last event that you have applied, \
and send it with `hello` when you come back: what you missed follows, unless it is more than 300 events or the log has \
changed. A number at or below your own is an event that you know already.";
