use latido_protocol::problem::Problem;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{api::error::ApiError, features::equipment::switch_failure::SwitchFailure};

fn refusal(status: u16) -> ApiError {
    ApiError::Refused(Problem::of_status(status, ""))
}

#[wasm_bindgen_test]
fn every_refusal_has_its_own_words() {
    let cases = [
        (ApiError::Unreachable, SwitchFailure::Unreachable),
        (ApiError::TimedOut, SwitchFailure::Unsure),
        (ApiError::Unreadable, SwitchFailure::Unsure),
        (ApiError::SignedOut, SwitchFailure::SignedOut),
        (refusal(403), SwitchFailure::NotAllowed),
        (refusal(404), SwitchFailure::Gone),
        (refusal(409), SwitchFailure::OutOfReach),
        (refusal(429), SwitchFailure::Busy),
        (refusal(502), SwitchFailure::Refused),
        (refusal(504), SwitchFailure::Unsure),
    ];
    for (error, trouble) in cases {
        assert_eq!(SwitchFailure::of(&error), trouble, "{error:?}");
    }
}
