//! English.

use latido_protocol::reason::Code;

pub fn sentence(code: Code) -> &'static str {
    match code {
        Code::WrongCredentials => "The e-mail address or the password is wrong. Check them and try again.",
        Code::TooManySignIns => "Too many attempts to sign in. Nothing is locked: wait {wait} and try again.",
        Code::SignedOut => "You have been signed out. Sign in again; what was saved is still there.",
        Code::SignInBusy => {
            "Too many people are signing in at once. Nothing was changed: try again in {wait}."
        }
        Code::WrongCurrentPassword => "The current password is wrong. Nothing was changed.",
        Code::WrongPassword => "The password is wrong. Nothing was deleted.",
        Code::ForeignOrigin => {
            "This page has no permission to use this server. Its administrator can give it."
        }
        Code::Forbidden => "You don't have permission for this. Nothing was changed.",
        Code::NotFound => "It is gone. Nothing was changed.",
        Code::NoSuchAddress | Code::MethodNotAllowed => {
            "The server does not know this function. Reload the page in case there is a new version."
        }
        Code::TooManyRequests => "Too many requests in a row. Nothing was done: try again in {wait}.",
        Code::TooManySockets => "Too many connections are open from your network. Close a tab.",
        Code::BodyTooLarge => "It is too large and was not saved. Split it into smaller parts.",
        Code::BodyTooSlow => "It did not arrive whole in time and was not saved. Try again.",
        Code::TookTooLong => {
            "The server did not get to it in time. It may be saved or not: look before you try again."
        }
        Code::Unreadable => "The server did not understand what it received. Nothing was saved.",
        Code::FieldsRefused => "Some fields cannot be used ({count}). Nothing was saved.",
        Code::VersionDiffers => {
            "It was changed meanwhile. Nothing was saved: look at the new one and edit again."
        }
        Code::KeyReused => "Something else was sent under the same key. Nothing was saved: try again.",
        Code::UnderWay => "This is still being delivered and cannot be deleted yet. Nothing was changed.",
        Code::Overloaded => "The server is busy and nothing was saved. Try again in a moment.",
        Code::Internal => "The server failed and nothing was saved. Try again.",

        Code::Required => "Required",
        Code::TooLong => "Too long",
        Code::TooShort => "Too short",
        Code::OutOfRange | Code::NotPositive | Code::WrongType => "Not a valid value",
        Code::NotOneOf => "Choose one of the options",
        Code::NotATime => "Not a date and time",
        Code::NotWhole => "A whole number, without decimals",
        Code::NotBelowSystolic => "The diastolic value has to be below the systolic one",
        Code::TooEarly => "Not before {first}",
        Code::TooFarAhead => "Cannot be more than {hours} hours from now",
        Code::BirthDate => "Enter a date between 1900 and today",
        Code::WrongUnit => "The unit is {unit}",
        Code::BeforeFrom => "The end is before the start",
        Code::NotAPhoneNumber => "Not a telephone number with its country code",
        Code::NumberUnproven => "Nobody here has checked this number. Ask your team to add it",
        Code::AddressTaken => "Belongs to another conversation",
        Code::NameTaken => "Another connection of this type has this name",
        Code::TooManyLinks => "There are {max} connections, which is as many as there can be",
        Code::LinkType => "This server has no connections of this type",
        Code::LinkAddress => "Enter an address such as ws://192.168.1.20/rpc",
        Code::LinkAddressWithSecret => "Without user or password: they have fields of their own",
        Code::LinkOutOfReach => {
            "It cannot lead to this server itself or to its network's services; its administrator can allow it with --link-network"
        }
        Code::JsonPointer => "Enter a JSON pointer such as /status/power",

        Code::DeviceOffline => "The device is not online, so it is as it was. Try again when it is back.",
        Code::NoRelay => "This device has nothing to switch.",
        Code::DeviceBusy => "Too many commands wait for this device; it is as it was. Try again in a moment.",
        Code::DeviceTimedOut => "The device did not answer in time. Look at its state before trying again.",
        Code::DeviceLost => {
            "The connection was lost before the device answered. Look at its state when it is back."
        }
        Code::DeviceRefused => "The device refused and is as it was. It says: {says}",

        Code::LinkAdded => "The connection was added.",
        Code::LinkRemoved => "The connection was removed.",
        Code::LinkUp => "The connection was established.",
        Code::LinkDown => "The connection was closed.",
        Code::LinkLost => "The connection was lost.",
        Code::LinkNotUp => "The connection could not be established.",
        Code::LinkStarted => "The connection was started.",
        Code::LinkStopped => "The connection was stopped.",
        Code::LinkRestarted => "The connection was restarted.",
        Code::ReconnectOn => "Automatic reconnection was switched on.",
        Code::ReconnectOff => "Automatic reconnection was switched off.",
        Code::SwitchedOn => "{device} was asked to switch on.",
        Code::SwitchedOff => "{device} was asked to switch off.",
        Code::MessagesCame => "Messages received: {count}.",
        Code::TooManyDevices => "The source has more devices than are kept; the others are left out.",
        Code::LinkBegunAnew => "The server failed with this connection and starts it again.",

        Code::SourceClosed => "The source closed the connection.",
        Code::SourceUnreachable => "The source could not be reached.",
        Code::SourceUnknown => "The name of the source could not be resolved.",
        Code::SourceBroke => "The connection broke.",
        Code::SourceBrokeOff => "The source broke off while the connection was being established.",
        Code::SourceSilent => "The source stopped answering.",
        Code::SourceTooLate => "There was no answer within 10 seconds.",
        Code::MessageTooLarge => "The source sent a message of more than 64 KiB.",
        Code::MessageNotTaken => "The source took no message.",
        Code::NotEncrypted => {
            "No encrypted connection came about; the source's certificate may not be valid."
        }
        Code::NoWebSocket => "What answered at this address does not speak WebSocket.",
        Code::SourceRefused => "The source refused a WebSocket (status {status}).",
        Code::TokenRefused => "The source does not accept the token (status {status}).",
        Code::LinkUnusable => "The address or the token of this connection cannot be used.",
        Code::PasswordRefused => "The device does not accept the password.",
        Code::PasswordMissing => "The device asks for a password, and none is kept for it.",
        Code::PasswordUnknownWay => "The device asks for a password in a way that is not known here.",
        Code::SourceUnready => "The source did not answer the first questions in time.",
        Code::StatusRefused => "The device did not tell its status (error {error}).",
        Code::LockedOut => {
            "The device has seen too many wrong passwords and accepts none for some minutes. It is tried again by itself."
        }
    }
}
