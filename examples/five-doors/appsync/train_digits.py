"""Trains the digit classifier: scikit-learn's scanned handwriting, a small neural network, a held-out fifth.

`python train_digits.py` writes `digits/model.npz`, which `digits/handler.py` reads with numpy alone. `--images` writes
ten of the held-out scans into `images/`, one per digit, the digit in the file's name.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

HERE = Path(__file__).resolve().parent
SEED = 20151213
LEVELS = 16  # grey levels of a scan, whose 64 pixels are counts of 0 to 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", action="store_true", help="write the ten test images too")
    arguments = parser.parse_args()
    scans, labels = load_digits(return_X_y=True)
    seen, held_out, seen_labels, held_out_labels = train_test_split(
        scans / LEVELS, labels, test_size=0.2, stratify=labels, random_state=SEED
    )
    network = MLPClassifier(hidden_layer_sizes=(64,), alpha=0.1, max_iter=400, random_state=SEED)
    network.fit(seen, seen_labels)
    accuracy = float(network.score(held_out, held_out_labels))
    model = HERE / "digits" / "model.npz"
    layers = {f"weights{n}": weights for n, weights in enumerate(network.coefs_)}
    layers |= {f"biases{n}": biases for n, biases in enumerate(network.intercepts_)}
    np.savez(model, accuracy=accuracy, **layers)
    print(f"Held-out accuracy {accuracy:.4f} over {len(held_out)} scans. Model: {model}")
    if arguments.images:
        write_images(held_out, held_out_labels)


def write_images(scans: np.ndarray, labels: np.ndarray) -> None:
    for digit in range(10):
        scan = scans[np.flatnonzero(labels == digit)[0]].reshape(8, 8)
        image = Image.fromarray(np.rint(scan * 255).astype(np.uint8))
        image.save(HERE / "images" / f"{digit}.png", optimize=True)


if __name__ == "__main__":
    main()
