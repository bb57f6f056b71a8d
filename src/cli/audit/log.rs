//! The audit log as a command reads it, page by page: from the running service, or where none runs from the store.

use std::vec;

use serde_json::Value;

use crate::cli::operate::{Alone, Done, ask_service, by_service_or};
use crate::cli::output;
use crate::config::Config;
use crate::control::Request;
use crate::control::audit::{Head, Page, Purpose};

/// The log as it was when it was opened, which is its last entry.
pub(in crate::cli) struct Log<'c> {
    config: &'c Config,
    /// The store, where no service has it.
    alone: Option<Alone>,
    head: Head,
}

impl<'c> Log<'c> {
    /// Opens the log for `purpose`, as far as it is of `tenant`: that is recorded.
    ///
    /// # Errors
    /// When neither the service nor the store is to be had.
    pub(in crate::cli) fn open(config: &'c Config, purpose: Purpose, tenant: Option<String>) -> anyhow::Result<Self> {
        let request = Request::AuditOpen { purpose, tenant };
        let open = || {
            let alone = Alone::open(config, &request)?;
            let answer = alone.perform(request.clone())?;
            Ok((alone, answer))
        };
        let (alone, answer) = match by_service_or(config, &request, open)? {
            Done::ByService(answer) => (None, answer),
            Done::Alone((alone, answer)) => (Some(alone), answer),
        };
        Ok(Self { config, alone, head: output::read(answer)? })
    }

    /// Its signed head.
    pub(in crate::cli) fn head(&self) -> &Head {
        &self.head
    }

    /// Its lines in order, from entry 0 on, byte for byte as they were written.
    pub(in crate::cli) fn lines(&self) -> Lines<'_> {
        Lines { log: self, next: 0, page: Vec::new().into_iter() }
    }

    fn ask(&self, request: Request) -> anyhow::Result<Value> {
        match &self.alone {
            Some(alone) => alone.perform(request),
            None => ask_service(self.config, &request)?
                .ok_or_else(|| anyhow::anyhow!("the service ended meanwhile; begin again")),
        }
    }
}

/// Lines of the log. The first error ends them.
pub(in crate::cli) struct Lines<'l> {
    log: &'l Log<'l>,
    next: u64,
    page: vec::IntoIter<String>,
}

impl Iterator for Lines<'_> {
    type Item = anyhow::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let entries = self.log.head.entries;
        if self.next == entries {
            return None;
        }
        if self.page.len() == 0 {
            let page = self.log.ask(Request::AuditPage { from: self.next }).and_then(output::read::<Page>);
            match page {
                Ok(page) => self.page = page.lines.into_iter(),
                Err(error) => {
                    self.next = entries;
                    return Some(Err(error));
                }
            }
        }
        self.next += 1;
        let line = self.page.next().map(String::into_bytes);
        Some(line.ok_or_else(|| {
            self.next = entries;
            anyhow::anyhow!("the log ends before its head says so")
        }))
    }
}
