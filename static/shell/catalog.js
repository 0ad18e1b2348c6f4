/**
 * The words of the interface in English, as they stand in the modules. For another language the import map puts that
 * language's catalogue in this one's place: dashboard/wording.py.
 */
export const messages = {};
export const plural = (count) => Number(count !== 1);
