//! Has the linker say which function needs what: splitting the dashboard goes by that. And keeps the stack small,
//! which is memory from the first moment on.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|it| it == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        // Half of what it would be. The deepest there is, JSON within JSON 127 times, takes a tenth of it.
        println!("cargo::rustc-link-arg-bins=-zstack-size=524288");
    }
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
