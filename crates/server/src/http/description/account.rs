//! Import, export, and the account itself.

use latido_import::row::{ImportBatch, ImportResponse};
use utoipa::ToSchema;

use crate::openapi::{api::Api, derived::text, operation_builder::operation};

pub fn describe(api: &mut Api) {
    api.topic("Account", "Bringing records along, taking everything home, and leaving.");
    api.post(
        "/api/import",
        operation("importRows", "Keep rows of an import")
            .about("What `latido-server import` sends when it reads a file. However often a row comes, its record is kept \
                    once. A refused row holds up no other. More rows in a minute than a user may send are 429, and none \
                    of the batch is kept.")
            .takes::<ImportBatch>()
            .answers::<ImportResponse>(200, "What became of every row, in their order."),
    );
    let zip = text().content_media_type("application/zip").into();
    api.get(
        "/api/export",
        operation("export", "Everything as a ZIP of CSV files")
            .answers_with(200, "One file a collection.", &[("application/zip", zip)])
            .header(200, "Content-Disposition", "With a file name."),
    );
    api.put(
        "/api/account/password",
        operation("changePassword", "Change the password")
            .about("Ends all other sessions of the account and closes their sockets with 4401. A wrong present password \
                    counts towards the limit on signing in.")
            .takes::<PasswordChange>()
            .answers_nothing(204, "The new password holds; this session goes on.")
            .refuses_as(403, "The present password is wrong. Nothing was changed."),
    );
    api.delete(
        "/api/account",
        operation("deleteAccount", "Delete the account with all that it has")
            .takes::<Leaving>()
            .answers_nothing(204, "Everything is gone, every socket closed with 4401.")
            .sets_cookie(204)
            .refuses_as(403, "The password is wrong. Nothing was deleted."),
    );
}

/// The present password and the next.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
#[schema(rename_all = "camelCase")]
struct PasswordChange {
    #[schema(min_length = 1, max_length = 1024)]
    current_password: String,
    #[schema(min_length = 8, max_length = 1024)]
    new_password: String,
}

/// The confirmation of a deletion.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the handler reads its fields one by one")]
struct Leaving {
    #[schema(min_length = 1, max_length = 1024)]
    password: String,
}
