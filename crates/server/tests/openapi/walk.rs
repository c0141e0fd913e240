//! A walk through the API on which every answer is held against the document.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use serde_json::Value;

use crate::{
    contract::Contract,
    support::{Answer, Person, call},
};

pub struct Walk {
    pub contract: Contract,
    /// Operations and the statuses that they have given.
    seen: BTreeSet<(String, String, String)>,
}

/// A request, of which only the address is always there.
pub struct Step<'s> {
    pub method: &'s str,
    pub address: &'s str,
    pub headers: &'s [(&'s str, &'s str)],
    pub body: String,
}

impl Walk {
    pub fn new(contract: Contract) -> Self {
        Self { contract, seen: BTreeSet::new() }
    }

    pub async fn step(&mut self, person: &Person, step: Step<'_>, expected: u16) -> Answer {
        let Step { method, address, headers, body } = step;
        let mut request = Request::builder().method(method).uri(address).header("host", "latido.test");
        if let Some(token) = &person.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(cookie) = &person.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let json: Option<Value> = serde_json::from_str(&body).ok();
        let answer = call(&person.app, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, expected, "{method} {address}: {}", answer.text);
        let path = self.contract.path_of(address);
        self.contract.check(method, &path, &answer);
        if let Some(json) = json.filter(|_| answer.status.is_success()) {
            self.contract.check_request(method, &path, &json);
        }
        self.seen.insert((method.to_owned(), path, answer.status.as_str().to_owned()));
        answer
    }

    /// A request without a body.
    pub async fn ask(&mut self, person: &Person, method: &str, address: &str, expected: u16) -> Answer {
        self.step(person, Step { method, address, headers: &[], body: String::new() }, expected).await
    }

    /// A request with a header.
    pub async fn ask_with(
        &mut self,
        person: &Person,
        method: &str,
        address: &str,
        header: (&str, &str),
        expected: u16,
    ) -> Answer {
        self.step(person, Step { method, address, headers: &[header], body: String::new() }, expected).await
    }

    /// A request with a body.
    pub async fn tell(
        &mut self,
        person: &Person,
        method: &str,
        address: &str,
        body: &Value,
        expected: u16,
    ) -> Answer {
        let headers = &[("content-type", "application/json")];
        self.step(person, Step { method, address, headers, body: body.to_string() }, expected).await
    }

    /// Gets something twice: the second time the client has it already.
    pub async fn get_and_get_again(&mut self, person: &Person, address: &str) -> Answer {
        let answer = self.ask(person, "GET", address, 200).await;
        self.ask_with(person, "GET", address, ("if-none-match", answer.header("etag")), 304).await;
        answer
    }

    /// All that can be wrong with a body before its fields are looked at.
    pub async fn send_no_body_that_is_one(&mut self, person: &Person, method: &str, address: &str) {
        let json: &[(&str, &str)] = &[("content-type", "application/json")];
        for (headers, body, expected) in [
            (json, "{".to_owned(), 400),
            (json, " ".repeat(65 * 1024), 413),
            (&[("content-type", "text/plain")], "{}".to_owned(), 415),
        ] {
            self.step(person, Step { method, address, headers, body }, expected).await;
        }
    }

    /// The documented answers that the walk has not come by.
    pub fn unseen(&self) -> Vec<String> {
        let mut unseen = Vec::new();
        for (method, path) in self.contract.operations() {
            for status in self.contract.operation(method, path)["responses"].as_object().unwrap().keys() {
                let answer = (method.to_owned(), path.to_owned(), status.clone());
                if status != "default" && !self.seen.contains(&answer) {
                    unseen.push(format!("{method} {path} {status}"));
                }
            }
        }
        unseen
    }
}
