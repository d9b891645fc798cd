/** What size an image is sent in: models scale larger ones down themselves, and count every pixel until then. */

/** In pixels. */
export const LONGEST_SIDE = 1568;
/** Of the file, before Base64 makes it a third longer. */
export const LARGEST_BYTES = 4 * 1024 * 1024;
/** What models read. */
export const PICTURE_TYPES: readonly string[] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

export interface Size {
    width: number;
    height: number;
}

/** The size with its long side at most `longest`, and never larger than it was. */
export function fitted(size: Size, longest: number = LONGEST_SIDE): Size {
    const scale = Math.min(1, longest / Math.max(size.width, size.height));
    return {
        width: Math.max(1, Math.round(size.width * scale)),
        height: Math.max(1, Math.round(size.height * scale)),
    };
}

/** Whether a file may go as it is. */
export function isFit(size: Size, bytes: number, mediaType: string): boolean {
    return (
        PICTURE_TYPES.includes(mediaType) && bytes <= LARGEST_BYTES && Math.max(size.width, size.height) <= LONGEST_SIDE
    );
}
