mod formats;
mod odd;
mod signatures;
