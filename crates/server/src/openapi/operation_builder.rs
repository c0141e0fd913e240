//! Operations as they are written down: what is common to many of them is one call.

use utoipa::{
    ToSchema,
    openapi::{
        Content, HeaderBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema, header::Header,
        path::Operation, request_body::RequestBodyBuilder, security::SecurityRequirement,
    },
};

use super::{
    components,
    derived::{NamedSchema, never_null, optional_fields, reference, schemas_of, text},
};

/// An operation, with the schemas of the types that it names.
#[must_use]
pub struct Described {
    pub operation: Operation,
    pub schemas: Vec<NamedSchema>,
}

/// Begins an operation that needs an access token.
pub fn operation(id: impl Into<String>, summary: impl Into<String>) -> Described {
    let mut operation = Operation::new();
    operation.operation_id = Some(id.into());
    operation.summary = Some(summary.into());
    Described { operation, schemas: Vec::new() }
}

impl Described {
    pub fn about(mut self, description: &str) -> Self {
        self.operation.description = Some(description.to_owned());
        self
    }

    /// Needs no access token.
    pub fn open(mut self) -> Self {
        self.operation.security = Some(Vec::new());
        self
    }

    /// Needs the refresh cookie instead of an access token.
    pub fn by_refresh_cookie(mut self) -> Self {
        self.operation.security =
            Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("refreshCookie", [])]);
        self.refuses(&[401])
    }

    /// Takes parameters of the components, by their names there.
    pub fn parameters(mut self, names: &[&str]) -> Self {
        if names.is_empty() {
            return self;
        }
        let references =
            names.iter().map(|name| RefOr::Ref(Ref::new(format!("#/components/parameters/{name}"))));
        self.operation.parameters.get_or_insert_default().extend(references);
        self
    }

    /// Takes JSON.
    pub fn takes<T: ToSchema>(self) -> Self {
        self.takes_signed::<T>().refuses(&[415])
    }

    /// Takes JSON under any content type.
    pub fn takes_signed<T: ToSchema>(mut self) -> Self {
        self.schemas.extend(schemas_of::<T>());
        self.takes_named(&T::name())
    }

    /// Takes JSON of the fields of `T`, none of them required.
    pub fn takes_patch<T: ToSchema>(mut self, name: &str) -> Self {
        T::schemas(&mut self.schemas);
        let patch = optional_fields::<T>().description(Some(PATCHED));
        self.schemas.push((name.to_owned(), patch.into()));
        self.takes_named(name).refuses(&[415])
    }

    fn takes_named(mut self, name: &str) -> Self {
        let content = Content::new(Some(Ref::from_schema_name(name)));
        let body = RequestBodyBuilder::new().required(Some(Required::True));
        self.operation.request_body = Some(body.content("application/json", content).build().into());
        self.refuses(&[400, 413, 422])
    }

    /// Answers with JSON.
    pub fn answers<T: ToSchema>(mut self, status: u16, description: &str) -> Self {
        self.schemas.extend(schemas_of::<T>().into_iter().map(never_null));
        self.answers_with(status, description, &[("application/json", reference::<T>())])
    }

    /// Answers with JSON and its `ETag`.
    pub fn answers_tagged<T: ToSchema>(self, status: u16, description: &str) -> Self {
        self.answers::<T>(status, description).tagged(status)
    }

    /// Answers with JSON and its `ETag`, or that the client has it already.
    pub fn answers_cached<T: ToSchema>(self, description: &str) -> Self {
        self.answers::<T>(200, description).cached()
    }

    /// The answer of 200 has an `ETag`, and is not sent to a client that has it already.
    pub fn cached(self) -> Self {
        self.tagged(200).parameters(&["IfNoneMatch"]).refuses(&[304])
    }

    /// Answers without a body.
    pub fn answers_nothing(self, status: u16, description: &str) -> Self {
        self.answers_with(status, description, &[])
    }

    /// Answers with a text of this content type.
    pub fn answers_text(self, status: u16, content_type: &str, description: &str) -> Self {
        self.answers_with(status, description, &[(content_type, text().into())])
    }

    pub fn answers_with(self, status: u16, description: &str, contents: &[(&str, RefOr<Schema>)]) -> Self {
        let response = ResponseBuilder::new().description(description);
        let response = contents.iter().fold(response, |response, (content_type, schema)| {
            response.content(*content_type, Content::new(Some(schema.clone())))
        });
        self.response(status, response.build())
    }

    /// Refuses with a problem of its own.
    pub fn refuses_as(self, status: u16, description: &str) -> Self {
        self.response(status, components::problem(description))
    }

    /// Refuses as many operations do.
    pub fn refuses(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |operation, status| {
            operation.response(*status, Ref::from_response_name(components::response_name(*status)))
        })
    }

    /// The answer with this status sets the refresh cookie or removes it.
    pub fn sets_cookie(self, status: u16) -> Self {
        self.header(status, "Set-Cookie", "The refresh token, or its removal.")
    }

    pub fn header(self, status: u16, name: &str, description: &str) -> Self {
        let header = HeaderBuilder::new().schema(Some(text())).description(Some(description));
        self.with_header(status, name, header.build().into())
    }

    fn tagged(self, status: u16) -> Self {
        self.with_header(status, "ETag", RefOr::Ref(Ref::new("#/components/headers/ETag")))
    }

    fn with_header(mut self, status: u16, name: &str, header: RefOr<Header>) -> Self {
        let response = self.operation.responses.responses.get_mut(&status.to_string());
        if let Some(RefOr::T(response)) = response {
            response.headers.insert(name.to_owned(), header);
        }
        self
    }

    fn response(mut self, status: u16, response: impl Into<RefOr<Response>>) -> Self {
        self.operation.responses.responses.insert(status.to_string(), response.into());
        self
    }
}

const PATCHED: &str = "A field that is left out stays as it is; `null` removes an optional one. A patch that changes \
                       nothing makes no new version.";
