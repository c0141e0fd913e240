//! Conversations, their messages and typing.

use latido_protocol::{
    conversation::{
        Address, Channel, ContactId, ContactName, ConversationOne, Conversations, Message, MessageId,
        MessageOne, MessageStatus, MessageText, Messages, Side,
    },
    session::UserId,
};
use utoipa::ToSchema;

use crate::openapi::{api::Api, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic(
        "Conversations",
        "Messages with contacts on WhatsApp or the web. A conversation belongs to a person; that person's coaches see it \
         too, and may write.",
    );
    operations(api);
    frames(api);
}

fn operations(api: &mut Api) {
    let (list, one) = ("/api/conversations", "/api/conversations/{contact}");
    api.get(
        list,
        operation("listConversations", "List conversations")
            .parameters(&["From", "To", "Limit", "Cursor", "Person"])
            .answers_cached::<Conversations>("By the time of the last message, newest first.")
            .refuses(&[404, 422]),
    );
    api.post(
        list,
        operation("createConversation", "Begin a conversation")
            .parameters(&["IdempotencyKey"])
            .takes::<ConversationDraft>()
            .answers::<ConversationOne>(201, "The conversation.")
            .refuses(&[404]),
    );
    api.get(
        one,
        operation("getConversation", "One conversation")
            .answers_cached::<ConversationOne>("The conversation.")
            .refuses(&[404]),
    );
    api.get(
        &format!("{one}/messages"),
        operation("listMessages", "List messages")
            .parameters(&["From", "To", "Limit", "Cursor"])
            .answers_cached::<Messages>("A page, newest first.")
            .refuses(&[404, 422]),
    );
    api.post(
        &format!("{one}/messages"),
        operation("sendMessage", "Write to the other side")
            .parameters(&["IdempotencyKey"])
            .takes::<MessageDraft>()
            .answers::<MessageOne>(201, "The message, on its way.")
            .refuses(&[404]),
    );
    api.post(
        &format!("{one}/read"),
        operation("readConversation", "Mark everything as read by you")
            .answers::<ConversationOne>(
                200,
                "The conversation, with nothing unread for you. What others have read stays theirs.",
            )
            .refuses(&[404]),
    );
    api.post(
        &format!("{one}/no-answer-needed"),
        operation("needNoAnswer", "Mark that the contact's last message needs no answer")
            .takes::<NoAnswerNeeded>()
            .answers::<ConversationOne>(
                200,
                "The conversation. It still needs an answer if something newer than `messageId` has come.",
            )
            .refuses(&[403, 404]),
    );
}

fn frames(api: &mut Api) {
    api.from_client::<SocketRoom>(
        "subscribe",
        "Join a room, to see typing in it. At most 32 rooms a socket.",
    );
    api.from_client::<SocketRoom>("unsubscribe", "Leave it.");
    api.from_client::<OwnTyping>("typing:start", "You are typing to the contact.");
    api.from_client::<OwnTyping>("typing:stop", "You have stopped.");
    api.event::<NewMessage>("message:new", "A new message.");
    api.event::<StatusOfMessage>(
        "message:status",
        "A message has come further. `read` of one of the contact's: everything up to it has been read, by you if you are \
         of the team, else by a member of the team.",
    );
    api.event::<ConversationUpdate>(
        "conversation:updated",
        "A member of the team has marked that the contact's messages need no answer.",
    );
    api.from_server::<TypingBy>(
        "typing:start",
        "In a room: typing began. Ends after 10 s, or with a message.",
    );
    api.from_server::<TypingBy>("typing:stop", "Typing has ended.");
}

/// A conversation to begin.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct ConversationDraft {
    name: ContactName,
    channel: Channel,
    /// Where the contact is reached. One conversation an address. On `whatsapp` a telephone number with its country
    /// code, in any spelling.
    address: Address,
    /// For a coach: whose contact it is.
    person_id: Option<UserId>,
}

/// A message to send.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
struct MessageDraft {
    text: MessageText,
}

/// What needs no answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct NoAnswerNeeded {
    /// The newest message of the contact that you have seen.
    message_id: Option<MessageId>,
}

/// A room of the socket.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
struct SocketRoom {
    /// `conversation:<contactId>`.
    channel: String,
}

/// Typing in a conversation.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "camelCase")]
struct OwnTyping {
    contact_id: ContactId,
}

/// Typing in a conversation, and on which side.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "camelCase")]
struct TypingBy {
    contact_id: ContactId,
    by: Side,
}

/// A new message.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "camelCase")]
struct NewMessage {
    contact_id: ContactId,
    message: Message,
}

/// The new status of a message.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "camelCase")]
struct StatusOfMessage {
    contact_id: ContactId,
    message_id: MessageId,
    status: MessageStatus,
}

/// What has changed of a conversation.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a frame carries it")]
#[schema(rename_all = "camelCase")]
struct ConversationUpdate {
    contact_id: ContactId,
    /// The newest message that needs no answer.
    message_id: MessageId,
    needs_answer: bool,
}
