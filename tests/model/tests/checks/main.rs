//! Checks of the model: the properties that hold, and the deviations that violate them.

mod checker;
mod creation;
mod deviations;
mod protocol;
