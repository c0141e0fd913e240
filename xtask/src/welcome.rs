//! What `cargo xtask start` prints when the server is ready.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::args::{DEFAULT_PORT, StartOptions};

/// The server's option for the demo account, unless `--empty` was given.
pub fn demo_flag(options: &StartOptions) -> Option<&'static str> {
    (!options.empty).then_some("--demo")
}

/// Address, account and a first command, for a server that is ready.
pub fn text(address: &str, program: &Path, data: &Path, empty: bool) -> String {
    let program = shown(program);
    let data = shown(data);
    let url = match address.rsplit_once(':') {
        Some((_, port)) if port == DEFAULT_PORT.to_string() => String::new(),
        _ => format!(" --url {address}"),
    };
    let (sign_in, user) = if empty {
        let add =
            format!("an account of your own: {program} user add you@example.com --name You --data {data}");
        (add, " --user you@example.com")
    } else {
        ("demo@latido.local / latido-demo".to_owned(), "")
    };
    format!(
        "
Latido is running:  {address}
Sign in with:       {sign_in}
Its data is in:     {data}

With the page open, log a food from a second terminal in this folder, as the assistant would:

  {program} log food \"Avena con leche\" --calories 350 --meal breakfast{user}{url}

The row appears by itself. Ctrl-C stops the server.
"
    )
}

/// A path as typed in this folder: relative if it is below.
pub fn shown(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_to_try_works_as_printed() {
        let here = env::current_dir().expect("here");
        let program = here.join("target/release/latido-server");
        let printed = text("http://127.0.0.1:8787", &program, &here.join("data"), false);
        assert!(printed.contains("\n  target/release/latido-server log food"), "{printed}");
        assert!(!printed.contains("--url"), "{printed}");
        assert!(printed.contains("demo@latido.local / latido-demo"));
    }

    #[test]
    fn welcome_command_names_another_port() {
        let printed = text("http://127.0.0.1:9000", Path::new("/t/latido-server"), Path::new("/d"), true);
        assert!(
            printed.contains("breakfast --user you@example.com --url http://127.0.0.1:9000\n"),
            "{printed}"
        );
        assert!(printed.contains("/t/latido-server user add"), "{printed}");
    }
}
