import { useParams } from '@tanstack/react-router';
import { AboutFile } from '../about/about-file.tsx';
import { FilePage } from '../shell/file-page.tsx';

/** What a file is: its path, its description, how it is used from code. */
export function FileAboutPage() {
  const { fileId } = useParams({ from: '/signed-in/f/$fileId/about' });
  return (
    <FilePage fileId={fileId} heading="About">
      {(file) => <AboutFile file={file} />}
    </FilePage>
  );
}
