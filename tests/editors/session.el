;;; session.el --- emacs --batch -l session.el, in a project  -*- lexical-binding: t -*-

;; What a person does, with the README's own lines.  Emacs 28 has eglot as a package, newer ones have it built in.

(require 'package)
(package-initialize)
(require 'eglot)
(require 'project)
(load (expand-file-name "../readme.el") nil t)

(defun session-wait (what done)
  "Wait until DONE returns non-nil, and return it; an error that names WHAT after 20 s."
  (let ((limit (+ (float-time) 20)) result)
    (while (not (setq result (funcall done)))
      (when (> (float-time) limit) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02))
    result))

(setq project-find-functions (list (lambda (_) (cons 'transient default-directory))))

(let* ((server (passerelle--connect))
       (status (jsonrpc-request server :passerelle/status (make-hash-table)))
       (models (plist-get (jsonrpc-request server :passerelle/models '(:refresh t)) :models)))
  (cl-assert (equal (plist-get (plist-get status :gateway) :name) "offline") t)
  (cl-assert (seq-find (lambda (model) (equal (plist-get model :id) "offline/guide")) models) t))

;; A chat about the region: it is shown piece by piece, and the answer's end is told.
(find-file "main.py")
(transient-mark-mode 1)
(push-mark (point-min) t t)
(goto-char (point-max))
(let (told (pieces 0))
  (cl-letf (((symbol-function 'message) (lambda (form &rest values) (setq told (apply #'format form values)))))
    (passerelle-ask "How do I store a key?")
    (with-current-buffer "*passerelle*"
      (add-hook 'after-change-functions (lambda (&rest _) (setq pieces (1+ pieces))) nil t))
    (session-wait "the end of the answer" (lambda () told)))
  (cl-assert (string-prefix-p "Answered by offline/" told) t)
  (cl-assert (> pieces 1))
  (with-current-buffer "*passerelle*"
    (cl-assert (string-match-p "guide" (buffer-string)) t)))

;; A mistake in the project's settings is shown, and cleared when it is mended.
(find-file "passerelle.toml")
(conf-toml-mode)
(setq eglot-sync-connect 20)
(apply #'eglot--connect (eglot--guess-contact))
(unless (eglot-managed-p) (eglot--maybe-activate-editing-mode))
(flymake-mode 1)
(flymake-start)
(let ((mistake (session-wait "the diagnostic" #'flymake-diagnostics)))
  (cl-assert (string-match-p "caching" (flymake-diagnostic-text (car mistake))) t))
(goto-char (point-min))
(search-forward "cachng")
(replace-match "caching")
(save-buffer)
(session-wait "the diagnostic to go" (lambda () (null (flymake-diagnostics))))

(eglot-shutdown (eglot-current-server))
(jsonrpc-shutdown passerelle--connection)
(princ "session complete\n")
(kill-emacs 0)
;;; session.el ends here
