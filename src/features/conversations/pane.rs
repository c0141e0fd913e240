//! One open conversation: the contact, the messages, and the composer.

use std::sync::Arc;

use latido_protocol::conversation::ContactId;
use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;

use super::{
    announcer::MessageAnnouncer,
    answer::NeedsAnswer,
    composer::Composer,
    contacts::Contacts,
    controller::{ConversationController, OlderMessages},
    drafts::DraftKey,
    list::{initials, names},
    message::{Act, Acting, MessageRow},
    scroll::Scroll,
    strings::{ConversationsStrings, strings},
    typing::{OurTyping, their_typing},
};
use crate::{
    api::{Api, error::ApiError},
    i18n::use_locale,
    ui::{
        icon::Icon,
        stale::StaleNote,
        view::{click, derived_bool, reactive, text, when},
    },
};

/// From here on there is room for the list beside it, and a keyboard that is not in the way.
const ROOMY: f64 = 768.0;

#[component]
pub fn Pane(
    contact: ContactId,
    contacts: Contacts,
    announcer: MessageAnnouncer,
    /// The user chose it here; else the page was opened with it.
    chosen: bool,
) -> impl IntoView {
    let strings = strings(use_locale());
    let api: Api = expect_context();
    let user = api
        .session()
        .signed_in()
        .with_untracked(|signed_in| signed_in.user().map(|user| user.id.to_string()).unwrap_or_default());
    let key = DraftKey { user, contact: contact.clone() };
    let scroll = Scroll::new();
    let controller = ConversationController::open(key.clone(), contacts.clone(), announcer, strings, scroll);
    let typing = OurTyping::to(contact.clone());
    let side = {
        let (contacts, contact) = (contacts.clone(), contact.clone());
        Memo::new(move |_| contacts.get(&contact).map(|known| known.side).unwrap_or_default())
    };
    let theirs = their_typing(contact.clone(), side);
    ask_for_a_name(&contacts, &contact, &controller);
    {
        let controller = controller.clone();
        Effect::new(move |_| controller.set_side(side.get()));
    }

    let name = {
        let (contacts, contact) = (contacts.clone(), contact.clone());
        text(move || contacts.get(&contact).map(|known| known.name.as_str().to_owned()).unwrap_or_default())
    };
    let known = {
        let (contacts, contact) = (contacts.clone(), contact.clone());
        Memo::new(move |_| contacts.get(&contact).map(|known| names(&known, strings)).unwrap_or_default())
    };
    let (title, about) = (
        text(move || known.with(|(title, _)| title.clone())),
        text(move || known.with(|(_, about)| about.clone())),
    );
    let answer = view! { <NeedsAnswer contact contacts controller=controller.clone()/> }.into_any();
    let (heading, field) = (NodeRef::<html::H2>::new(), NodeRef::<html::Textarea>::new());
    if chosen {
        focus(heading, field);
    }
    let fetch_status = controller.fetch_status();
    let is_gone = {
        let fetch_status = fetch_status.clone();
        Memo::new(move |_| fetch_status.with(|fetch_status| is_gone(fetch_status.error.as_ref())))
    };
    let body = reactive(move || {
        if is_gone.get() {
            return gone(strings);
        }
        let (sending, typing) = (controller.clone(), typing.clone());
        view! {
            <StaleNote fetch_status=fetch_status.clone()/>
            <Messages controller=controller.clone() name title scroll/>
            <Composer
                key=key.clone()
                field
                typing
                send=Box::new(move |text| sending.send(text))
            />
        }
        .into_any()
    });
    view! {
        <header class="talk-head">
            <a class="icon-button talk-back" href="/conversations" aria-label=strings.back data-testid="back">
                <Icon name="back"/>
            </a>
            <span class="avatar" aria-hidden="true">{text(move || initials(&title.get()))}</span>
            <div class="talk-who">
                <h2 tabindex="-1" node_ref=heading>{title}</h2>
                <p class="quiet" hidden=theirs>{about}</p>
                <p class="typing" data-testid="typing-indicator" hidden=derived_bool(move || !theirs.get())>
                    {strings.typing}
                </p>
            </div>
            {answer}
        </header>
        {body}
    }
    .into_any()
}

/// Fetches a contact that is not on the first page of the list, once that page is there.
fn ask_for_a_name(contacts: &Contacts, contact: &ContactId, controller: &ConversationController) {
    let (rows, contacts, contact, controller) =
        (contacts.rows(), contacts.clone(), contact.clone(), controller.clone());
    Effect::new(move |asked: Option<bool>| {
        let unknown = rows.with(Option::is_some) && contacts.get(&contact).is_none();
        if unknown && asked != Some(true) {
            controller.ask_who();
        }
        unknown || asked == Some(true)
    });
}

/// Where there is room one can write at once; on a phone the keyboard waits to be asked for.
fn focus(heading: NodeRef<html::H2>, field: NodeRef<html::Textarea>) {
    let roomy =
        window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width >= ROOMY);
    request_animation_frame(move || {
        // Focusing what is in the document cannot fail.
        let _ = match (roomy, field.try_get_untracked().flatten(), heading.try_get_untracked().flatten()) {
            (true, Some(field), _) => field.focus(),
            (_, _, Some(heading)) => heading.focus(),
            _ => Ok(()),
        };
    });
}

fn is_gone(error: Option<&ApiError>) -> bool {
    matches!(error, Some(ApiError::Refused(problem)) if problem.status == 404)
}

fn gone(strings: &'static ConversationsStrings) -> AnyView {
    view! {
        <div class="empty" data-testid="conversation-gone">
            <p><strong>{strings.gone}</strong></p>
            <p class="quiet">{strings.gone_hint}</p>
        </div>
    }
    .into_any()
}

#[component]
fn Messages(
    controller: ConversationController,
    name: Signal<String>,
    title: Signal<String>,
    scroll: Scroll,
) -> impl IntoView {
    let strings = strings(use_locale());
    let act: Acting = {
        let controller = SendWrapper::new(controller.clone());
        Arc::new(move |act| match act {
            Act::Retry { key } => controller.retry(&key),
            Act::Discard { key } => controller.discard(&key),
            Act::SendAgain { text } => controller.send(text),
        })
    };
    let rows = controller.rows();
    let count = {
        let rows = rows.clone();
        Memo::new(move |_| rows.with(|rows| rows.as_ref().map(Vec::len)))
    };
    let instead_of_rows = reactive(move || match count.get() {
        None => waiting(),
        Some(0) => view! {
            <div class="empty">
                <p><strong>{strings.nothing_said}</strong></p>
                <p class="quiet">{strings.nothing_said_hint}</p>
            </div>
        }
        .into_any(),
        Some(_) => ().into_any(),
    });
    let older = {
        let (older, controller) = (controller.older(), controller.clone());
        reactive(move || {
            let controller = controller.clone();
            match older.get() {
                OlderMessages::Nothing => ().into_any(),
                // The room stays the same whether it loads or not.
                state @ (OlderMessages::There | OlderMessages::Loading) => {
                    let busy = state == OlderMessages::Loading;
                    view! { <p class="older" data-busy=busy.to_string() aria-hidden="true"></p> }.into_any()
                }
                OlderMessages::Failed => view! {
                    <p class="note warn" role="status">
                        <span>{strings.older_failed}</span>
                        <button type="button" class="button small" on:click=click(move || controller.load_older())>
                            {strings.retry}
                        </button>
                    </p>
                }
                .into_any(),
            }
        })
    };
    let label = text(move || (strings.messages_with)(&title.get()));
    let (away, unseen) = (controller.is_away(), controller.unseen());
    let down = when(
        move || away.get(),
        move || {
            let unseen = unseen.clone();
            let words = text(move || match unseen.get() {
                0 => strings.to_the_newest.to_owned(),
                count => (strings.new_messages)(count),
            });
            view! {
                <button
                    type="button"
                    class="button small talk-down"
                    data-testid="to-the-newest"
                    on:click=click(move || scroll.go_to_the_end())
                >
                    <span>{words}</span>
                    <span aria-hidden="true">"↓"</span>
                </button>
            }
            .into_any()
        },
    );
    let looked: Box<dyn FnMut(web_sys::Event)> = Box::new(move |_| controller.look());
    view! {
        <div class="talk-body">
            <div
                class="talk-scroll"
                tabindex="0"
                role="region"
                aria-label=label
                data-testid="message-scroll"
                node_ref=scroll.pane
                on:scroll=looked
            >
                <div class="talk-flow">
                    {older}
                    {instead_of_rows}
                    <ol class="messages" data-testid="message-list" node_ref=scroll.list>
                        <For each=move || rows.get().unwrap_or_default() key=|row| row.key.clone() let(row)>
                            <MessageRow row name act=act.clone()/>
                        </For>
                    </ol>
                </div>
            </div>
            {down}
        </div>
    }
    .into_any()
}

/// The shape of messages to come.
fn waiting() -> AnyView {
    let strings = use_locale().strings;
    view! {
        <div class="skeleton talk-skeleton" role="status">
            <span class="sr-only">{strings.loading}</span>
            <div></div>
            <div></div>
            <div></div>
            <div></div>
        </div>
    }
    .into_any()
}
