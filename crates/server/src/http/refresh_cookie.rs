//! The cookie with the refresh token, where no script can read it.
//!
//! Over TLS its name begins with `__Host-`: a browser takes such a cookie from this very host only, and no
//! page of a neighbouring domain can put another one beside it. Without TLS browsers refuse that name.

use axum::{
    http::{HeaderMap, HeaderName, header},
    response::AppendHeaders,
};

use crate::{
    auth::{
        refresh::{RefreshKey, RefreshToken},
        session::REFRESH_SECONDS,
    },
    ops::client::Client,
};

const OVER_TLS: &str = "__Host-latido_refresh";
const PLAIN: &str = "latido_refresh";
/// Whoever sends more cookies of one name than that is no browser of ours.
const MOST: usize = 4;

type SetCookies = AppendHeaders<Vec<(HeaderName, String)>>;

/// Hands a token over.
pub(super) fn give(client: Client, token: &RefreshToken) -> SetCookies {
    let cookies = if client.encrypted {
        vec![over_tls(&token.text(), REFRESH_SECONDS), plain(client, "", 0)]
    } else {
        vec![plain(client, &token.text(), REFRESH_SECONDS)]
    };
    set(cookies)
}

/// Takes it away.
pub(super) fn take_away(client: Client) -> SetCookies {
    let mut cookies = vec![plain(client, "", 0)];
    if client.encrypted {
        cookies.insert(0, over_tls("", 0));
    }
    set(cookies)
}

fn set(cookies: Vec<String>) -> SetCookies {
    AppendHeaders(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect())
}

fn over_tls(value: &str, seconds: i64) -> String {
    format!("{OVER_TLS}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}; Secure")
}

fn plain(client: Client, value: &str, seconds: i64) -> String {
    let secure = if client.encrypted { "; Secure" } else { "" };
    format!("{PLAIN}={value}; Path=/api/session; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// The tokens that came along; more than one when something has put others beside ours. Over TLS the plain
/// name counts only for what a version before has handed out under it.
pub(super) fn presented(client: Client, headers: &HeaderMap, key: &RefreshKey) -> Vec<RefreshToken> {
    let named = |wanted: &str| {
        let values = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, value)| *name == wanted && !value.is_empty())
            .map(|(_, value)| value);
        let mut tokens: Vec<_> = values.take(MOST).collect();
        tokens.dedup();
        tokens.into_iter().map(|text| RefreshToken::presented(key, text)).collect::<Vec<_>>()
    };
    if !client.encrypted {
        return named(PLAIN);
    }
    let tokens = named(OVER_TLS);
    if tokens.is_empty() {
        named(PLAIN).into_iter().filter(RefreshToken::is_legacy).collect()
    } else {
        tokens
    }
}
