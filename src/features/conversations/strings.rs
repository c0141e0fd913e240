//! Strings of this page.

use latido_protocol::{
    conversation::{Author, Channel, MessageStatus},
    values::Language,
};

use crate::i18n::Locale;

pub struct ConversationsStrings {
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
    pub team: &'static str,
    pub needs_answer: &'static str,
    pub no_answer_needed: &'static str,
    pub no_answer_failed: &'static str,
    /// So many characters of so many.
    pub length: fn(usize, usize) -> String,
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
    pub waiting: &'static str,
    pub not_sent: &'static str,
    pub unconfirmed: &'static str,
    pub no_answer: &'static str,
    pub not_shown: &'static str,
    pub refused: fn(&str) -> String,
    pub not_delivered: &'static str,
    pub retry: &'static str,
    pub send_again: &'static str,
    pub discard: &'static str,
}

pub fn strings(locale: Locale) -> &'static ConversationsStrings {
    match locale.language {
        Language::Es => &ES,
        Language::En => &EN,
    }
}

static ES: ConversationsStrings = ConversationsStrings {
    title: "Mensajes",
    nobody: "Todavía no hay conversaciones",
    nobody_hint: "Cuando un contacto tuyo escriba por WhatsApp o desde la web, la conversación aparecerá aquí al momento.",
    choose: "Elige una conversación",
    choose_hint: "Los mensajes se abren aquí, y los nuevos llegan solos.",
    nothing_said: "Todavía no hay mensajes",
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
    team: "Tu equipo",
    needs_answer: "Sin responder",
    no_answer_needed: "No necesita respuesta",
    no_answer_failed: "No se pudo guardar. El mensaje sigue sin responder; inténtalo de nuevo.",
    length: |count, max| {
        if count > max {
            format!(
                "Sobran {} caracteres de {max}. No se ha cortado nada: acórtalo para enviarlo.",
                count - max
            )
        } else {
            format!("{count} de {max} caracteres")
        }
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
    waiting: "Espera al mensaje anterior",
    not_sent: "No enviado",
    unconfirmed: "Sin confirmar",
    no_answer: "No se pudo enviar: el servidor no contestó. El mensaje se guarda aquí.",
    not_shown: "El servidor lo aceptó, pero aún no aparece en la conversación. Comprueba que no haya llegado antes de reintentarlo.",
    refused: |why| format!("El servidor no lo aceptó ({why}). El mensaje se guarda aquí."),
    not_delivered: "No llegó a su destino.",
    retry: "Reintentar",
    send_again: "Enviar de nuevo",
    discard: "Descartar",
};

static EN: ConversationsStrings = ConversationsStrings {
    title: "Messages",
    nobody: "No conversations yet",
    nobody_hint: "When one of your contacts writes on WhatsApp or from the website, the conversation appears here at once.",
    choose: "Choose a conversation",
    choose_hint: "Its messages open here, and new ones arrive by themselves.",
    nothing_said: "No messages yet",
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
    team: "Your team",
    needs_answer: "Needs an answer",
    no_answer_needed: "No answer needed",
    no_answer_failed: "This could not be saved. The message still needs an answer; try again.",
    length: |count, max| {
        if count > max {
            format!(
                "{} characters more than the {max} allowed. Nothing was cut: shorten it to send it.",
                count - max
            )
        } else {
            format!("{count} of {max} characters")
        }
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
    waiting: "Waiting for the message before",
    not_sent: "Not sent",
    unconfirmed: "Not confirmed",
    no_answer: "It could not be sent: the server did not answer. The message is kept here.",
    not_shown: "The server accepted it, but it is not in the conversation yet. Check that it has not arrived before you retry.",
    refused: |why| format!("The server did not accept it ({why}). The message is kept here."),
    not_delivered: "It did not arrive.",
    retry: "Retry",
    send_again: "Send again",
    discard: "Discard",
};
