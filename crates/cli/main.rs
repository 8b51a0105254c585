//! The `tamis` command: arguments in, exit code out. All work is done by the crates underneath.

mod arguments;
mod bars;
mod check;
mod completions;
mod diff;
mod dry_run;
mod events;
mod exit;
mod explain;
mod gate;
mod logging;
mod memory;
mod metrics;
mod openmetrics;
mod output;
mod prediction;
mod progress;
mod replay;
mod report;
mod run;
mod sample;
mod sizes;
mod stages;
mod table;
mod terminal;
mod test;
mod timings;
mod trial;
mod verify;

use std::process::ExitCode;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    // A stage that panics costs one document and is written down there; the default message would be noise.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments = Arguments::read();
    let terminal = Terminal::new(arguments.colour);
    let told = std::panic::catch_unwind(move || command(arguments, terminal));
    told.unwrap_or_else(|payload| {
        let message = payload.downcast_ref::<&str>().map(ToString::to_string);
        let message = message.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        terminal.error(&format!("internal error: {message}"));
        Exit::Internal
    })
    .into()
}

fn command(arguments: Arguments, terminal: Terminal) -> Exit {
    let told = match arguments.command {
        Command::Run(arguments) => run::run(&arguments, terminal),
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Test(arguments) => test::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Verify(arguments) => verify::run(&arguments, terminal),
        Command::Diff(arguments) => diff::run(&arguments, terminal),
        Command::Sample(arguments) => sample::run(&arguments, terminal),
        Command::Report(arguments) => report::report(&arguments, terminal),
        Command::Gate(arguments) => gate::gate(&arguments, terminal),
        Command::Stages(arguments) => stages::run(&arguments, terminal),
        Command::Schema(arguments) => stages::schema(&arguments),
        Command::Completions(arguments) => completions::completions(&arguments),
        Command::Man => completions::man(),
    };
    match told {
        Ok(exit) => exit,
        // The reader of our output has seen enough.
        Err(exit::Error::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Ok,
        Err(error) => {
            terminal.error(&error.to_string());
            error.exit()
        }
    }
}
