/**
 * The inspector beside the map: it refreshes with care.
 */
import {keepCalm} from "./live.js";

keepCalm();
