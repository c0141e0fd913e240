//! Has the linker say which function needs what: splitting the dashboard goes by that. And keeps the stack small,
//! which is memory from the first moment on.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|it| it == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        // A quarter of what it would be. All pages together have used eight kilobytes of it; JSON within JSON, 127
        // times, takes some fifty.
        println!("cargo::rustc-link-arg-bins=-zstack-size=262144");
    }
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
