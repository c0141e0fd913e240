//! Keys of input methods, which compose one letter of several key presses.

use web_sys::KeyboardEvent;

/// Whether a key belongs to an input method that is composing. Safari sends the Enter that closes a composition after
/// its end; only this key code shows that it belonged to it.
pub fn is_composition(event: &KeyboardEvent) -> bool {
    const PROCESSED_BY_INPUT_METHOD: u32 = 229;
    event.is_composing() || event.key_code() == PROCESSED_BY_INPUT_METHOD
}
