//! One message: author, text, time, delivery status, and actions for one that failed.

use latido_cache::families::thread::{Failure, Line, Standing};
use latido_protocol::conversation::{Author, MessageStatus, MessageText};
use leptos::prelude::*;

use super::{
    rows::{ThreadLine, ThreadRow},
    strings::{ConversationsStrings, strings},
};
use crate::{
    browser::{day::Day, format},
    i18n::{Locale, reasons, use_locale},
    ui::{
        icon::Icon,
        view::{click, reactive, text},
    },
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
pub fn MessageRow(row: ThreadRow, name: Signal<String>, act: Acting) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let shown = row.value;
    let attribute = |read: fn(&ThreadLine) -> String| {
        let shown = shown.clone();
        text(move || shown.with(read))
    };
    let id =
        attribute(|shown| shown.line.id.as_ref().map_or_else(|| shown.line.key.clone(), ToString::to_string));
    let status = attribute(|shown| status_of(&shown.line.standing).as_str().to_owned());
    let pending = attribute(|shown| shown.line.id.is_none().to_string());
    let author = attribute(|shown| shown.line.author.as_str().to_owned());
    let ours = attribute(|shown| shown.line.ours.to_string());
    let goes_on = attribute(|shown| shown.goes_on.to_string());
    let content = reactive(move || content(&shown.get(), name, locale, strings, &act));
    view! {
        <li
            class="message"
            data-testid="message-row"
            data-id=id
            data-status=status
            data-pending=pending
            data-author=author
            data-ours=ours
            data-goes-on=goes_on
        >
            {content}
        </li>
    }
    .into_any()
}

fn content(
    shown: &ThreadLine,
    name: Signal<String>,
    locale: Locale,
    strings: &'static ConversationsStrings,
    act: &Acting,
) -> AnyView {
    let line = &shown.line;
    let opens = shown
        .opens
        .map(|day| view! { <p class="message-day"><span>{name_of(day, locale)}</span></p> }.into_any());
    let author = match (strings.author)(line.author) {
        Some(author) if (line.author == Author::Bot || !line.ours) && !shown.goes_on => {
            view! { <span class="message-author">{author}</span> }.into_any()
        }
        Some(author) => view! { <span class="sr-only">{author} ": "</span> }.into_any(),
        None => view! { <span class="sr-only">{move || name.get()} ": "</span> }.into_any(),
    };
    let ticks = line.ours.then(|| ticks(&line.standing, strings));
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
        {trouble(line, locale, act)}
    }
    .into_any()
}

/// Clock, tick, two ticks, coloured ticks, or a warning.
pub fn ticks(standing: &Standing, strings: &ConversationsStrings) -> AnyView {
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
        Standing::Waiting => strings.waiting,
        Standing::Unsent(Failure::Unconfirmed) => strings.unconfirmed,
        Standing::Unsent(Failure::NoAnswer | Failure::Refused(_)) => strings.not_sent,
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
fn trouble(line: &Line, locale: Locale, act: &Acting) -> Option<AnyView> {
    let strings = strings(locale);
    let doing = |what: Act| {
        let act = act.clone();
        click(move || act(what.clone()))
    };
    let key = || line.key.clone();
    let (why, again, label, test_id, discard) = match &line.standing {
        Standing::Unsent(failure) => {
            let why = match failure {
                Failure::NoAnswer => strings.no_answer.to_owned(),
                Failure::Unconfirmed => strings.not_shown.to_owned(),
                Failure::Refused(words) => {
                    let problem = serde_json::from_str(words);
                    let words =
                        problem.map_or_else(|_| words.clone(), |problem| reasons::problem(locale, &problem));
                    (strings.refused)(words.trim_end_matches('.'))
                }
            };
            (
                why,
                Act::Retry { key: key() },
                strings.retry,
                "retry-message",
                Some(Act::Discard { key: key() }),
            )
        }
        Standing::Known(MessageStatus::Failed) if line.ours && line.author == Author::Coach => {
            let again = Act::SendAgain { text: line.text.clone() };
            (strings.not_delivered.to_owned(), again, strings.send_again, "send-again", None)
        }
        Standing::Known(_) | Standing::Sending | Standing::Waiting => return None,
    };
    // Several that failed have the same buttons; each says which message it is about.
    let named = |verb: &str| [verb, ": ", line.text.as_str()].concat();
    let discard = discard.map(|discard| {
        view! {
            <button
                type="button"
                class="button small"
                data-testid="discard"
                aria-label=named(strings.discard)
                on:click=doing(discard)
            >
                {strings.discard}
            </button>
        }
        .into_any()
    });
    Some(
        view! {
            <div class="message-trouble">
                <span>{why}</span>
                <button
                    type="button"
                    class="button small"
                    data-testid=test_id
                    aria-label=named(label)
                    on:click=doing(again)
                >
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
        Standing::Sending | Standing::Waiting => MessageStatus::Queued,
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
