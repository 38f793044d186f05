//! All scenarios in one program, because each program compiles the product once more.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where it breaks"
)]

mod change_detection;
mod connections;
mod posting;
mod queue;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
