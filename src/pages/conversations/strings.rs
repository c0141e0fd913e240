//! What this page says.

use latido_protocol::{
    conversation::{Author, Channel, MessageStatus},
    values::Language,
};

use crate::i18n::Locale;

pub struct Strings {
    pub title: &'static str,
    pub nobody: &'static str,
    pub nobody_hint: &'static str,
    pub choose: &'static str,
    pub choose_hint: &'static str,
    pub nothing_said: &'static str,
    pub nothing_said_hint: &'static str,
    pub more: &'static str,
    pub channel: fn(Channel) -> &'static str,
    pub author: fn(Author) -> Option<&'static str>,
    pub back: &'static str,
    pub messages_with: fn(&str) -> String,
    pub gone: &'static str,
    pub gone_hint: &'static str,
    pub write: &'static str,
    pub send: &'static str,
    pub typing: &'static str,
    pub new_messages: fn(usize) -> String,
    pub to_the_newest: &'static str,
    pub older_failed: &'static str,
    pub more_failed: &'static str,
    pub status: fn(MessageStatus) -> &'static str,
    pub sending: &'static str,
    pub not_sent: &'static str,
    pub no_answer: &'static str,
    pub refused: fn(&str) -> String,
    pub not_delivered: &'static str,
    pub retry: &'static str,
    pub send_again: &'static str,
    pub discard: &'static str,
}

pub fn strings(locale: Locale) -> &'static Strings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: Strings = Strings {
    title: "Mensajes",
    nobody: "Todavía no hay conversaciones",
    nobody_hint: "Cuando un contacto tuyo escriba por WhatsApp o desde la web, la conversación aparecerá aquí al momento.",
    choose: "Elige una conversación",
    choose_hint: "Los mensajes se abren aquí, y los nuevos llegan solos.",
    nothing_said: "Aún no os habéis dicho nada",
    nothing_said_hint: "Escribe el primer mensaje aquí abajo.",
    more: "Mostrar más conversaciones",
    channel: |channel| match channel {
        Channel::WhatsApp => "WhatsApp",
        Channel::Web => "Web",
    },
    author: |author| match author {
        Author::Contact => None,
        Author::Bot => Some("Asistente"),
        Author::Coach => Some("Tu equipo"),
    },
    back: "Volver a la lista de mensajes",
    messages_with: |name| format!("Mensajes con {name}"),
    gone: "Esta conversación no está",
    gone_hint: "No existe, o ya no la puedes ver. Elige otra de la lista.",
    write: "Escribe un mensaje",
    send: "Enviar",
    typing: "Escribiendo…",
    new_messages: |count| {
        if count == 1 { "1 mensaje nuevo".to_owned() } else { format!("{count} mensajes nuevos") }
    },
    to_the_newest: "Ir a lo último",
    more_failed: "No se pudieron cargar más conversaciones. Las que ves siguen aquí.",
    older_failed: "No se pudo cargar lo anterior. Lo que ya ves sigue aquí.",
    status: |status| match status {
        MessageStatus::Queued => "En cola",
        MessageStatus::Sent => "Enviado",
        MessageStatus::Failed => "No entregado",
        MessageStatus::Delivered => "Entregado",
        MessageStatus::Read => "Leído",
    },
    sending: "Enviando",
    not_sent: "No enviado",
    no_answer: "No se pudo enviar: el servidor no contestó. El mensaje se guarda aquí.",
    refused: |why| format!("El servidor no lo aceptó ({why}). El mensaje se guarda aquí."),
    not_delivered: "No llegó a su destino.",
    retry: "Reintentar",
    send_again: "Enviar de nuevo",
    discard: "Descartar",
};

static EN: Strings = Strings {
    title: "Messages",
    nobody: "No conversations yet",
    nobody_hint: "When one of your contacts writes on WhatsApp or from the website, the conversation appears here at once.",
    choose: "Choose a conversation",
    choose_hint: "Its messages open here, and new ones arrive by themselves.",
    nothing_said: "Nothing has been said yet",
    nothing_said_hint: "Write the first message below.",
    more: "Show more conversations",
    channel: |channel| match channel {
        Channel::WhatsApp => "WhatsApp",
        Channel::Web => "Web",
    },
    author: |author| match author {
        Author::Contact => None,
        Author::Bot => Some("Assistant"),
        Author::Coach => Some("Your team"),
    },
    back: "Back to the list of messages",
    messages_with: |name| format!("Messages with {name}"),
    gone: "This conversation is not here",
    gone_hint: "It does not exist, or you may no longer see it. Choose another from the list.",
    write: "Write a message",
    send: "Send",
    typing: "Typing…",
    new_messages: |count| {
        if count == 1 { "1 new message".to_owned() } else { format!("{count} new messages") }
    },
    to_the_newest: "Go to the newest",
    more_failed: "More conversations could not be loaded. Those you see are still here.",
    older_failed: "What came before could not be loaded. What you see is still here.",
    status: |status| match status {
        MessageStatus::Queued => "Queued",
        MessageStatus::Sent => "Sent",
        MessageStatus::Failed => "Not delivered",
        MessageStatus::Delivered => "Delivered",
        MessageStatus::Read => "Read",
    },
    sending: "Sending",
    not_sent: "Not sent",
    no_answer: "It could not be sent: the server did not answer. The message is kept here.",
    refused: |why| format!("The server did not accept it ({why}). The message is kept here."),
    not_delivered: "It did not arrive.",
    retry: "Retry",
    send_again: "Send again",
    discard: "Discard",
};
