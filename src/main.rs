//! The program. How it is built is said in the library, [`scrutiny_tracker`].

use std::process::ExitCode;

use clap::Parser as _;
use scrutiny_tracker::{cli::Cli, telemetry};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start();
    match cli.run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scrutiny-tracker: {error:#}");
            ExitCode::FAILURE
        }
    }
}
