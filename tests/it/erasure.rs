//! Somebody is erased: whole or not at all, for good, and neither a login under way nor a backup brings them back.

mod backups;
mod commands;
mod kill;
mod traces;
mod under_way;
mod whole;
