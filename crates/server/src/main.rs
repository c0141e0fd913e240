use std::process::ExitCode;

fn main() -> ExitCode {
    latido_server::cli::main()
}
