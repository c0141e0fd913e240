//! The composer of messages. The text in the field survives a change of page and a reload.

use latido_protocol::conversation::MessageText;
use leptos::{
    ev::{Event, KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};

use super::{drafts::DraftKey, strings::strings, typing::OurTyping};
use crate::{
    browser::composition::is_composition,
    i18n::use_locale,
    ui::{
        icon::Icon,
        view::{derived_bool, text, when},
    },
};

/// Takes what is to be sent.
pub type Sending = Box<dyn Fn(MessageText)>;

#[component]
pub fn Composer(
    key: DraftKey,
    field: NodeRef<html::Textarea>,
    typing: OurTyping,
    send: Sending,
) -> impl IntoView {
    let strings = strings(use_locale());
    let draft = key.draft();
    let length = RwSignal::new(length_of(&draft));
    let typed: Box<dyn FnMut(Event)> = {
        let (key, typing) = (key.clone(), typing.clone());
        Box::new(move |event| {
            let text = event_target_value(&event);
            length.set(length_of(&text));
            key.keep_draft(&text);
            typing.typed(&text);
        })
    };
    let submit: Box<dyn FnMut(SubmitEvent)> = Box::new(move |event| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        // Too long a text stays, with the count that explains it; an empty one is not sent.
        if let Ok(text) = MessageText::new(&field.value()) {
            field.set_value("");
            length.set(0);
            key.keep_draft("");
            typing.stopped();
            send(text);
        }
        // Focused elsewhere only by its button, which has nothing left to do.
        let _ = field.focus();
    });
    let enter: Box<dyn FnMut(KeyboardEvent)> = Box::new(move |event| {
        if event.key() == "Enter" && !event.shift_key() && !is_composition(&event) {
            event.prevent_default();
            if let Some(form) = field.get_untracked().and_then(|field| field.form()) {
                let _ = form.request_submit();
            }
        }
    });
    let count = when(
        move || length.get() > COUNTED_FROM,
        move || {
            let words = text(move || (strings.length)(length.get(), MessageText::MAX));
            let over = text(move || is_too_long(length.get()).to_string());
            view! {
                <p
                    id="message-length"
                    class="composer-length"
                    role="status"
                    data-testid="message-length"
                    data-over=over
                >
                    {words}
                </p>
            }
            .into_any()
        },
    );
    view! {
        <form class="composer" data-testid="composer" on:submit=submit>
            <textarea
                rows="1"
                placeholder=strings.write
                aria-label=strings.write
                aria-describedby="message-length"
                aria-invalid=text(move || is_too_long(length.get()).to_string())
                enterkeyhint="send"
                autocomplete="off"
                data-testid="message-field"
                node_ref=field
                on:input=typed
                on:keydown=enter
            >
                {draft}
            </textarea>
            <button
                type="submit"
                class="button primary"
                data-testid="send"
                aria-label=strings.send
                title=strings.send
                disabled=derived_bool(move || length.get() == 0 || is_too_long(length.get()))
            >
                <Icon name="send"/>
            </button>
            {count}
        </form>
    }
    .into_any()
}

/// From so many characters on they are counted for the writer.
const COUNTED_FROM: usize = MessageText::MAX - 200;

/// Counted as the server counts.
fn length_of(text: &str) -> usize {
    text.trim().chars().count()
}

fn is_too_long(length: usize) -> bool {
    length > MessageText::MAX
}
