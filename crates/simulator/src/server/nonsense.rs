//! What no server should say, and some do. None of it may change what the page shows.

use crate::dice::Dice;

pub enum Nonsense {
    Text(String),
    Binary,
}

pub fn nonsense(dice: &mut Dice, epoch: &str, plain: bool) -> Nonsense {
    const TEXTS: &[&str] = &[
        "",
        "{",
        "null",
        super::socket::GATEWAY_ERROR,
        "[1,2]",
        "ping",
        r#"{"type":7}"#,
        r#"{"data":{}}"#,
        r#"{"type":"foodLogCreated","data":5}"#,
        r#"{"type":"foodLogCreated"}"#,
        r#"{"type":"habitCreated","data":{"id":"h"}}"#,
        r#"{"type":"welcome","data":{"head":-1}}"#,
        r#"{"type":"welcome","data":{"connectionId":"c","epoch":"e","head":1e400,"mode":"fresh"}}"#,
        r#"{"type":"pong","data":"late"}"#,
        r#"{"type":"goaway","data":{"retryAfterMs":-5}}"#,
        r#"{"type":"error","error":"slow down","data":{"code":"rate_limited"}}"#,
        r#"{"type":"error"}"#,
        r#"{"type":"foodLogDeleted","data":{"id":""}}"#,
        r#"{"type":"foodLogDeleted","data":{"id":"x"},"seq":-3}"#,
    ];
    /// Only where numbers mean something: a plain backend that numbers one event is not plain.
    const NUMBERED: &[&str] = &[
        r#"{"type":"foodLogDeleted","data":{"id":"nobody"},"epoch":"EPOCH","seq":18446744073709551615}"#,
        r#"{"type":"foodLogDeleted","data":{"id":"nobody"},"epoch":"another","seq":3}"#,
        r#"{"type":"habitCreated","data":{},"epoch":"EPOCH","seq":9007199254740993}"#,
        r#"{"type":"pong","data":{"head":18446744073709551615}}"#,
        r#"{"type":"pong","data":{"head":0}}"#,
    ];
    if dice.chance(10) {
        return Nonsense::Binary;
    }
    if !plain && dice.chance(30) {
        return Nonsense::Text(dice.pick(NUMBERED).replace("EPOCH", epoch));
    }
    Nonsense::Text(dice.pick(TEXTS).to_owned())
}
