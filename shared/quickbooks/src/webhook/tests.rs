mod formats;
mod generated;
mod signatures;
