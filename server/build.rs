//! Embeds the site anew when it was built anew: its file names carry hashes, so new files appear.
fn main() {
    println!("cargo:rerun-if-changed=../target/site");
    println!("cargo:rerun-if-changed=../manifest.xml");
}
