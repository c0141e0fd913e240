//! The sentences for the codes of a server ([`Code`]), in both languages. They travel with the lazily loaded views.
//!
//! `{max}` stands for the parameter of that name, `{wait}` for the parameter `seconds` in words. A code that is
//! unknown here, or lacks a parameter, shows the server's English detail.

mod en;
mod es;

use latido_protocol::{
    problem::{FieldError, Problem},
    reason::{self, Code, Params},
    values::Language,
};

use super::Locale;
use crate::api::error::ApiError;

/// A code that a server sent, with its parameters and its English sentence.
pub fn said(locale: Locale, code: Option<&str>, params: &Params, detail: &str) -> String {
    let known = code.and_then(|code| Code::parse(code).ok());
    known.and_then(|code| sentence(locale, code, params)).unwrap_or_else(|| detail.to_owned())
}

/// What is wrong with a field, to be shown beside it.
pub fn field(locale: Locale, error: &FieldError) -> String {
    said(locale, error.code.as_deref(), &error.params, &error.detail)
}

/// A refusal as a sentence. Of refused fields the first is named.
pub fn problem(locale: Locale, problem: &Problem) -> String {
    if let Some(error) = problem.errors.first() {
        let pointer = error.pointer.trim_start_matches('/');
        let name = name(locale, pointer).unwrap_or(pointer);
        return format!("{name}: {}.", field(locale, error).trim_end_matches('.'));
    }
    said(locale, problem.code.as_deref(), &problem.params, &problem.detail)
}

/// Why a request did not work.
pub fn error(locale: Locale, error: &ApiError) -> String {
    match error {
        // Conflicts and deletions have the same sentence everywhere.
        ApiError::Refused(refusal) if !matches!(refusal.status, 404 | 412) => problem(locale, refusal),
        error => (locale.strings.error)(error),
    }
}

fn sentence(locale: Locale, code: Code, params: &Params) -> Option<String> {
    if let Some(invalid) = reason::invalid(code, params) {
        return Some((locale.deferred().invalid)(&invalid));
    }
    let template = match locale.language {
        Language::Es => es::sentence(code),
        Language::En => en::sentence(code),
    };
    fill(locale, template, params)
}

/// Puts the parameters where their names stand in braces; `None` if one is missing.
fn fill(locale: Locale, template: &str, params: &Params) -> Option<String> {
    let mut parts = template.split('{');
    let mut filled = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        match name {
            "wait" => filled.push_str(&wait(locale, params.number("seconds")?)),
            name => match params.number(name) {
                Some(number) => filled.push_str(&locale.number(number)),
                None => filled.push_str(params.text(name)?),
            },
        }
        filled.push_str(rest);
    }
    Some(filled)
}

/// `30 s`, `4 min`: spelled alike in both languages.
fn wait(locale: Locale, seconds: f64) -> String {
    if seconds < 60.0 {
        format!("{} s", locale.number(seconds))
    } else {
        format!("{} min", locale.number((seconds / 60.0).ceil()))
    }
}

/// What a form calls the field at this pointer.
fn name(locale: Locale, pointer: &str) -> Option<&'static str> {
    let (strings, deferred) = (locale.strings, locale.deferred());
    Some(match pointer {
        "loggedAt" | "measuredAt" => deferred.when,
        "name" | "displayName" => deferred.name,
        "meal" => deferred.meal,
        "activity" => deferred.activity,
        "intensity" => deferred.intensity,
        "kind" | "type" => deferred.kind,
        "notes" => deferred.notes,
        "value" | "value2" => deferred.value,
        "calories" => strings.calories,
        "proteinG" => strings.protein,
        "carbsG" => strings.carbs,
        "fatG" => strings.fat,
        "durationMin" => strings.minutes,
        "caloriesBurned" => strings.calories_burned,
        "email" => deferred.email,
        "password" => deferred.password,
        _ => return None,
    })
}
