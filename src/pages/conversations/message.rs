//! One message as it is seen: who, what, when, how far it has come, and what to do if it has not.

use latido_protocol::conversation::{Author, MessageStatus, MessageText};
use latido_replica::thread::{Failure, Line, Standing};
use leptos::prelude::*;

use super::{
    rows::{Row, Shown},
    strings::{Strings, strings},
};
use crate::{
    browser::{day::Day, format},
    components::{
        icon::Icon,
        view::{click, dynamic, text},
    },
    i18n::{Locale, use_locale},
};

/// What can be done to a message that did not go out.
#[derive(Clone)]
pub enum Act {
    Retry { key: String },
    Discard { key: String },
    SendAgain { text: MessageText },
}

/// Carries it out.
pub type Acting = std::sync::Arc<dyn Fn(Act) + Send + Sync>;

#[component]
pub fn MessageRow(row: Row, name: Signal<String>, act: Acting) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let shown = row.shown;
    let attribute = |read: fn(&Shown) -> String| {
        let shown = shown.clone();
        text(move || shown.with(read))
    };
    let id =
        attribute(|shown| shown.line.id.as_ref().map_or_else(|| shown.line.key.clone(), ToString::to_string));
    let status = attribute(|shown| status_of(&shown.line.standing).as_str().to_owned());
    let pending = attribute(|shown| shown.line.id.is_none().to_string());
    let author = attribute(|shown| shown.line.author.as_str().to_owned());
    let goes_on = attribute(|shown| shown.goes_on.to_string());
    let content = dynamic(move || content(&shown.get(), name, locale, strings, &act));
    view! {
        <li
            class="message"
            data-testid="message-row"
            data-id=id
            data-status=status
            data-pending=pending
            data-author=author
            data-goes-on=goes_on
        >
            {content}
        </li>
    }
    .into_any()
}

fn content(
    shown: &Shown,
    name: Signal<String>,
    locale: Locale,
    strings: &'static Strings,
    act: &Acting,
) -> AnyView {
    let line = &shown.line;
    let opens = shown
        .opens
        .map(|day| view! { <p class="message-day"><span>{name_of(day, locale)}</span></p> }.into_any());
    let author = match (strings.author)(line.author) {
        Some(author) if line.author == Author::Bot && !shown.goes_on => {
            view! { <span class="message-author">{author}</span> }.into_any()
        }
        Some(author) => view! { <span class="sr-only">{author} ": "</span> }.into_any(),
        None => view! { <span class="sr-only">{move || name.get()} ": "</span> }.into_any(),
    };
    let ticks = (line.author != Author::Contact).then(|| ticks(&line.standing, strings));
    view! {
        {opens}
        <div class="bubble">
            {author}
            <span class="message-text">{line.text.as_str().to_owned()}</span>
            <span class="message-end">
                <time>{format::time(locale.language, line.at)}</time>
                {ticks}
            </span>
        </div>
        {trouble(line, strings, act)}
    }
    .into_any()
}

/// Clock, tick, two ticks, coloured ticks, or a warning.
pub fn ticks(standing: &Standing, strings: &Strings) -> AnyView {
    let status = status_of(standing);
    let icon = match status {
        MessageStatus::Queued => "clock",
        MessageStatus::Sent => "check",
        MessageStatus::Failed => "alert",
        MessageStatus::Delivered | MessageStatus::Read => "checks",
    };
    let words = match standing {
        Standing::Known(status) => (strings.status)(*status),
        Standing::Sending => strings.sending,
        Standing::Unsent(_) => strings.not_sent,
    };
    view! {
        <span class="ticks" data-ticks=status.as_str() title=words>
            <Icon name=icon/>
            <span class="sr-only">{words}</span>
        </span>
    }
    .into_any()
}

/// What happened, what was kept, and what to do.
fn trouble(line: &Line, strings: &'static Strings, act: &Acting) -> Option<AnyView> {
    let doing = |what: Act| {
        let act = act.clone();
        click(move || act(what.clone()))
    };
    let key = || line.key.clone();
    let (why, again, label, test_id, discard) = match &line.standing {
        Standing::Unsent(failure) => {
            let why = match failure {
                Failure::NoAnswer => strings.no_answer.to_owned(),
                Failure::Refused(words) => (strings.refused)(words),
            };
            (
                why,
                Act::Retry { key: key() },
                strings.retry,
                "retry-message",
                Some(Act::Discard { key: key() }),
            )
        }
        Standing::Known(MessageStatus::Failed) if line.author == Author::Coach => {
            let again = Act::SendAgain { text: line.text.clone() };
            (strings.not_delivered.to_owned(), again, strings.send_again, "send-again", None)
        }
        Standing::Known(_) | Standing::Sending => return None,
    };
    let discard = discard.map(|discard| {
        view! {
            <button type="button" class="button small" data-testid="discard" on:click=doing(discard)>
                {strings.discard}
            </button>
        }
        .into_any()
    });
    Some(
        view! {
            <div class="message-trouble">
                <span>{why}</span>
                <button type="button" class="button small" data-testid=test_id on:click=doing(again)>
                    {label}
                </button>
                {discard}
            </div>
        }
        .into_any(),
    )
}

fn status_of(standing: &Standing) -> MessageStatus {
    match standing {
        Standing::Known(status) => *status,
        Standing::Sending => MessageStatus::Queued,
        Standing::Unsent(_) => MessageStatus::Failed,
    }
}

fn name_of(day: Day, locale: Locale) -> String {
    let today = Day::today();
    if day == today {
        locale.strings.today.to_owned()
    } else if day == today.plus(-1) {
        locale.strings.yesterday.to_owned()
    } else {
        format::day(locale.language, day)
    }
}
