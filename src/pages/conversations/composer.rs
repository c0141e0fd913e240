//! Where messages are written. What stands in the field survives a change of page and a reload.

use latido_protocol::conversation::MessageText;
use leptos::{
    ev::{Event, KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};

use super::{kept::Whose, strings::strings, typing::OurTyping};
use crate::{components::icon::Icon, i18n::use_locale};

/// Takes what is to be sent.
pub type Sending = Box<dyn Fn(MessageText)>;

#[component]
pub fn Composer(
    whose: Whose,
    field: NodeRef<html::Textarea>,
    typing: OurTyping,
    send: Sending,
) -> impl IntoView {
    let strings = strings(use_locale());
    let draft = whose.draft();
    let empty = RwSignal::new(draft.trim().is_empty());
    let typed: Box<dyn FnMut(Event)> = {
        let (whose, typing) = (whose.clone(), typing.clone());
        Box::new(move |event| {
            let text = event_target_value(&event);
            empty.set(text.trim().is_empty());
            whose.keep_draft(&text);
            typing.typed(&text);
        })
    };
    let submit: Box<dyn FnMut(SubmitEvent)> = Box::new(move |event| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        // The field takes no more than a message may have; an empty one has nothing to say.
        if let Ok(text) = MessageText::new(&field.value()) {
            field.set_value("");
            empty.set(true);
            whose.keep_draft("");
            typing.stopped();
            send(text);
        }
        // Focused elsewhere only by its button, which has nothing left to do.
        let _ = field.focus();
    });
    let enter: Box<dyn FnMut(KeyboardEvent)> = Box::new(move |event| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            if let Some(form) = field.get_untracked().and_then(|field| field.form()) {
                let _ = form.request_submit();
            }
        }
    });
    view! {
        <form class="composer" data-testid="composer" on:submit=submit>
            <textarea
                rows="1"
                maxlength=MessageText::MAX.to_string()
                placeholder=strings.write
                aria-label=strings.write
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
                disabled=move || empty.get()
            >
                <Icon name="send"/>
            </button>
        </form>
    }
    .into_any()
}
