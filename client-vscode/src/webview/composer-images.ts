/** Images that a person pastes, drops or chooses: read, scaled down and made a chip. Nothing is sent from here. */
import { imageChip } from "../common/chips";
import type { Chip } from "../common/panel";
import { fitted, isFit, LARGEST_BYTES, LONGEST_SIDE, type Size } from "../common/picture";
import { t } from "./l10n";

/** An image, or a sentence that says why it is none. */
export type ReadImage = { chip: Chip } | { refusal: string };

/** Halving the side quarters the bytes: five times is from 4 GB to 4 MB. */
const SMALLER_TRIES = 5;
const QUALITY = 0.85;

/** The image files among what was pasted or dropped. */
export function imagesIn(transfer: DataTransfer | null): File[] {
    return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

/** The URIs of what was dropped from the editor's own lists. */
export function urisIn(transfer: DataTransfer | null): string[] {
    const lists = ["application/vnd.code.uri-list", "text/uri-list"].map((type) => transfer?.getData(type) ?? "");
    const listed = lists.find((list) => list !== "") ?? "";
    return listed.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
}

/** Reads one image file, as it is where that will do, else scaled down and written anew. */
export async function readImage(file: File): Promise<ReadImage> {
    let bitmap: ImageBitmap;
    try {
        bitmap = await createImageBitmap(file);
    } catch {
        return { refusal: t("“{0}” is no image that can be read.", file.name) };
    }
    try {
        const size = { width: bitmap.width, height: bitmap.height };
        const blob = isFit(size, file.size, file.type) ? file : await scaled(bitmap, size, file.type);
        if (blob === null) return { refusal: t("“{0}” could not be made small enough to be sent.", file.name) };
        const data = await base64(blob);
        return { chip: imageChip({ type: "image", mediaType: blob.type, data }, nameOf(file)) };
    } finally {
        bitmap.close();
    }
}

/** Null if it stays too large, however small it is made. */
async function scaled(bitmap: ImageBitmap, size: Size, type: string): Promise<Blob | null> {
    const mediaType = type === "image/jpeg" || type === "image/webp" ? type : "image/png";
    let longest = LONGEST_SIDE;
    for (let tries = 0; tries < SMALLER_TRIES; tries += 1) {
        const blob = await drawn(bitmap, fitted(size, longest), mediaType);
        if (blob !== null && blob.size <= LARGEST_BYTES) return blob;
        longest /= 2;
    }
    return null;
}

async function drawn(bitmap: ImageBitmap, size: Size, mediaType: string): Promise<Blob | null> {
    const canvas = document.createElement("canvas");
    canvas.width = size.width;
    canvas.height = size.height;
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, size.width, size.height);
    return new Promise((resolve) => {
        canvas.toBlob(resolve, mediaType, QUALITY);
    });
}

async function base64(blob: Blob): Promise<string> {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => {
            const url = typeof reader.result === "string" ? reader.result : "";
            resolve(url.slice(url.indexOf(",") + 1));
        };
        reader.onerror = () => {
            reject(reader.error ?? new Error("the image could not be read"));
        };
        reader.readAsDataURL(blob);
    });
}

/** What comes from the clipboard is always called "image.png". */
function nameOf(file: File): string {
    return file.name === "" || file.name === "image.png" ? t("Pasted image") : file.name;
}
