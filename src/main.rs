//! The dashboard's entry: puts the app where the static shell stood.

fn main() {
    latido::mount();
}
